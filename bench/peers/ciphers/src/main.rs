//! ask_ciphers TASK SECONDS: how many values a second the crates `fpe` and `aes-siv` encrypt, and one
//! of their answers. See bench/peers/ciphers.py.
use aes_siv::{siv::Aes256Siv, KeyInit};
use fpe::ff1::{FlexibleNumeralString, FF1};
use std::hint::black_box;

const BATCH: u32 = 1024;

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Seconds of the processor that this thread has had.
fn cpu() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

/// Values a second of the processor, of as many batches as last so long.
fn rate(seconds: f64, mut value: impl FnMut()) -> f64 {
    let begin = cpu();
    let mut done = 0u64;
    while cpu() - begin < seconds {
        for _ in 0..BATCH {
            value();
        }
        done += u64::from(BATCH);
    }
    done as f64 / (cpu() - begin)
}

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let seconds: f64 = words[2].parse().unwrap();
    let key: Vec<u8> = (0..64).collect();
    let (sample, rate) = match words[1].as_str() {
        "ff1" => {
            let ff1 = FF1::<aes::Aes256>::new(&key[..32], 10).unwrap();
            let digits: Vec<u16> = (0..16).map(|i| i % 10).collect();
            let text = FlexibleNumeralString::from(digits);
            let answer: Vec<u16> = ff1.encrypt(b"0011223", &text).unwrap().into();
            let sample = answer.iter().map(|digit| digit.to_string()).collect();
            (sample, rate(seconds, || { black_box(ff1.encrypt(b"0011223", &text).unwrap()); }))
        }
        "siv" => {
            let mut siv = Aes256Siv::new_from_slice(&key).unwrap();
            let text = b"0123456789abcdef";
            let sample = hexadecimal(&siv.encrypt([b"patients"], text).unwrap());
            (sample, rate(seconds, || { black_box(siv.encrypt([b"patients"], text).unwrap()); }))
        }
        other => panic!("{other} is no task"),
    };
    println!("{{\"rate\": {rate}, \"sample\": \"{sample}\"}}");
}
