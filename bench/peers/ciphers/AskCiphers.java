import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.fpe.FPEFF1Engine;
import org.bouncycastle.crypto.macs.CMac;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.Mac;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.params.FPEParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/** AskCiphers TASK SECONDS: how many values a second Bouncy Castle encrypts. See bench/peers/ciphers.py. */
public final class AskCiphers {
    private static final int BATCH = 1024;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final byte[] TEXT = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /** Values a second of the processor, of as many batches as last so long. */
    private static double rate(double seconds, Runnable value) {
        final long begin = THREADS.getCurrentThreadCpuTime();
        long done = 0;
        double taken = 0;
        while (taken < seconds) {
            for (int i = 0; i < BATCH; ++i) value.run();
            done += BATCH;
            taken = (THREADS.getCurrentThreadCpuTime() - begin) * 1e-9;
        }
        return done / taken;
    }

    private static byte[] tag(Mac mac) {
        final byte[] tag = new byte[mac.getMacSize()];
        mac.update(TEXT, 0, TEXT.length);
        mac.doFinal(tag, 0);
        return tag;
    }

    public static void main(String[] words) {
        final double seconds = Double.parseDouble(words[1]);
        final byte[] key = new byte[32];
        for (int i = 0; i < key.length; ++i) key[i] = (byte) i;
        final byte[] tweak = "0011223".getBytes(StandardCharsets.US_ASCII);
        final StringBuilder sample = new StringBuilder();
        final Runnable value;
        if (words[0].equals("ff1")) {
            final FPEFF1Engine ff1 = new FPEFF1Engine();
            ff1.init(true, new FPEParameters(new KeyParameter(key), 10, tweak));
            final byte[] text = new byte[16], out = new byte[16];
            for (int i = 0; i < text.length; ++i) text[i] = (byte) (i % 10);
            value = () -> ff1.processBlock(text, 0, text.length, out, 0);
            value.run();
            for (byte digit : out) sample.append(digit);
        } else {
            final Mac mac = words[0].equals("cmac") ? new CMac(AESEngine.newInstance()) : new HMac(new SHA256Digest());
            mac.init(new KeyParameter(key));
            value = () -> tag(mac);
            for (byte each : tag(mac)) sample.append(String.format("%02x", each));
        }
        rate(seconds, value); // the compiler at run time takes its share first
        System.out.printf("{\"rate\": %f, \"sample\": \"%s\"}%n", rate(seconds, value), sample);
    }
}
