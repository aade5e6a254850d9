#!/usr/bin/env python3
"""Sessions of `sfumato joint` over TLS, each organisation with a mail folder of its own.

    joint_tls_test.py PROGRAM killed     each process is killed at each step, and started again; one goes on by files
    joint_tls_test.py PROGRAM visits     the same of encrypted numbers, and who holds no key comes only to do something
    joint_tls_test.py PROGRAM dropout    one goes when it has sealed its shares
    joint_tls_test.py PROGRAM cut        all through a proxy that delays, truncates and cuts
    joint_tls_test.py PROGRAM flipped    all through a proxy that flips bits
    joint_tls_test.py PROGRAM hostile    strangers, liars and a wrong coordinator are refused, and the rest goes on
"""
import os, pathlib, random, re, shutil, socket, ssl, subprocess, sys, tempfile, threading, time

import joint_sessions_test as sessions
from joint_sessions_test import PROGRAM, SECONDS, joint, make_homes, sfumato

LOCK = ['--unlock-file', 'digits']


def mail_of(name):
    return ['--mail', 'mail-' + name]


def signed_roster(names):
    for name in names:
        joint('join', name, *[other + '/member' for other in names], '--quorum', str(len(names)), *mail_of(name))


def planned(names, dropouts=0, holders=()):
    """The flag that names a plan of a sum by names[0], which lies in its mail alone."""
    sessions.write_plan(names, dropouts, holders)
    told = sfumato('joint', 'plan', names[0], 'plan.toml', *mail_of(names[0]))
    plan = ['--plan', told.split()[0]]
    joint('approve', names[0], *mail_of(names[0]), *plan)
    return plan


class Process:
    """A process of one organisation, which can be killed and started again; what it says is read as it comes."""

    def __init__(self, action, home, plan, *words):
        self.words = [PROGRAM, 'joint', action, home, *mail_of(home), *plan, *LOCK, '--wait', str(SECONDS), *words]
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.lines, self.said = [], threading.Condition()
        threading.Thread(target=self.listen, args=(self.process.stderr,), daemon=True).start()

    def listen(self, stream):
        for line in stream:
            with self.said:
                self.lines.append(line.rstrip('\n'))
                self.said.notify_all()

    def line(self, pattern):
        """The first line with this in it, when it has come."""
        end = time.monotonic() + SECONDS
        with self.said:
            while True:
                for line in self.lines:
                    found = re.search(pattern, line)
                    if found:
                        return found
                if not self.said.wait(end - time.monotonic()):
                    sys.exit('%s does not say %s, says %s' % (self.words[1:4], pattern, self.lines))

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        if self.process.wait(SECONDS) != 0:
            sys.exit('%s: %s' % (' '.join(self.words[1:4]), self.lines))


class Server(Process):
    """A coordinator, which keeps its port when it starts again."""

    def __init__(self, home, plan, *words):
        super().__init__('serve', home, plan, '--listen', '127.0.0.1:0', *words)
        self.port = int(self.line(r'^listens at 127\.0\.0\.1:(\d+)$')[1])
        self.words[self.words.index('--listen') + 1] = str(self.port)


def party(name, plan, port, *words):
    return Process('contribute', name, plan, '--connect', '127.0.0.1:%d' % port, *words)


def approve(names, plan, port):
    for name in names[1:]:
        joint('approve', name, *mail_of(name), *plan, '--connect', '127.0.0.1:%d' % port, '--coordinator', names[0])


def await_file(name, pattern):
    end = time.monotonic() + SECONDS
    while not list(pathlib.Path('mail-' + name).glob(pattern)):
        if time.monotonic() > end:
            sys.exit('%s does not come to %s' % (pattern, name))
        time.sleep(0.002)


def check_results(plan, names, present, without=()):
    """All have the same result, and were charged once."""
    told = [sfumato('joint', 'result', name, *mail_of(name), *plan, '--format', 'json')
            for name in names if name not in without]
    if len(set(told)) != 1:
        sys.exit('results differ')
    sessions.check_result([*mail_of(names[0]), *plan], names[0], names[1:], present)


def killed(holders=()):
    names = ['chief', 'east', 'north', 'south']
    make_homes(names)
    signed_roster(names)
    plan = planned(names, 0, holders)
    place = {name: i for i, name in enumerate(sorted(names))}
    server = Server('chief', plan)
    approve(names, plan, server.port)
    parties = {}
    for name in names[1:3]:  # the last one's word would let all of them begin
        parties[name] = party(name, plan, server.port)
        await_file(name, 'plan-*/word.%d' % place[name])
        parties[name].kill()
        parties[name].start()
    if holders:
        visit('south', plan, server.port)
    else:
        parties['south'] = party('south', plan, server.port)
    for step in range(1, 6):
        if holders and step == 4:
            await_file('chief', 'plan-*/*/to.%d.3' % place['south'])
            visit('south', plan, server.port)
        for name, one in parties.items():
            await_file(name, 'plan-*/*/from.%d.%d' % (place[name], step))
            one.kill()
            if step == 3 and name == 'north':  # goes on by files that somebody carries, for one step
                await_file('chief', 'plan-*/*/from.%d.3' % place['east' if holders else 'south'])
                shutil.copytree('mail-north', 'mail-chief', dirs_exist_ok=True, ignore=shutil.ignore_patterns('*.tmp'))
                await_file('chief', 'plan-*/*/to.%d.3' % place[name])
                shutil.copytree('mail-chief', 'mail-north', dirs_exist_ok=True, ignore=shutil.ignore_patterns('*.tmp'))
                joint('contribute', name, *mail_of(name), *plan)
                shutil.copytree('mail-north', 'mail-chief', dirs_exist_ok=True, ignore=shutil.ignore_patterns('*.tmp'))
            one.start()
        server.kill()
        server.start()
    if holders:
        await_file('chief', 'plan-*/sums')
        visit('south', plan, server.port)
    for process in [server, *parties.values()]:
        process.end()
    check_results(plan, names, 3)


def visit(name, plan, port):
    """Comes, does what it can, and leaves, when a coordinator that was killed is there again."""
    end = time.monotonic() + SECONDS
    words = [PROGRAM, 'joint', 'contribute', name, *mail_of(name), *plan, *LOCK, '--connect', '127.0.0.1:%d' % port]
    while subprocess.run(words, capture_output=True, timeout=SECONDS).returncode != 0:
        if time.monotonic() > end:
            sys.exit('%s finds nobody' % name)
        time.sleep(0.05)


def dropout():
    names = ['chief', 'east', 'north', 'south', 'west']
    make_homes(names)
    signed_roster(names)
    plan = planned(names, 1)
    server = Server('chief', plan, '--round', '2')
    approve(names, plan, server.port)
    gone = party('west', plan, server.port)
    rest = [party(name, plan, server.port) for name in names[1:4]]
    await_file('west', 'plan-*/*/from.4.2')
    gone.kill()
    for process in [server, *rest]:
        process.end()
    present = 4 if list(pathlib.Path('mail-chief').glob('plan-*/*/from.4.3')) else 3  # it may have been quicker than we
    check_results(plan, names, present, without=['west'])


class Proxy:
    """Carries bytes between whoever connects and a port, and harms them as `harm(draw, bytes)` says: it gives the bytes to
    pass on, and whether the connection goes on."""

    def __init__(self, port, seed, harm):
        self.target, self.draw, self.harm = port, random.Random(seed), harm
        self.harmed = self.connections = 0
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            near, _ = self.listener.accept()
            self.connections += 1
            seeds = [self.draw.random(), self.draw.random()]
            try:
                far = socket.create_connection(('127.0.0.1', self.target))
            except OSError:
                near.close()
                continue
            for seed, ends in zip(seeds, [(near, far), (far, near)]):
                threading.Thread(target=self.carry, args=(random.Random(seed), *ends), daemon=True).start()

    def carry(self, draw, source, sink):
        try:
            while True:
                piece = source.recv(1500)
                if not piece:
                    break
                passed, goes_on = self.harm(draw, piece)
                self.harmed += passed != piece or not goes_on
                sink.sendall(passed)
                if not goes_on:
                    break
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def cut_short(draw, piece):
    """Delays, and now and then cuts a connection within a piece."""
    time.sleep(draw.random() * 0.01)
    return (piece[:draw.randrange(len(piece))], False) if draw.random() < 0.08 else (piece, True)


def flip_bits(draw, piece):
    if draw.random() >= 0.05:
        return piece, True
    harmed = bytearray(piece)
    bit = draw.randrange(8 * len(piece))
    harmed[bit // 8] ^= 1 << bit % 8
    return bytes(harmed), True


def through_proxy(seed, harm):
    names = ['chief', 'east', 'north', 'south']
    make_homes(names)
    signed_roster(names)
    plan = planned(names)
    server = Server('chief', plan)
    approve(names, plan, server.port)
    proxy = Proxy(server.port, seed, harm)
    parties = [party(name, plan, proxy.port) for name in names[1:]]
    for process in [*parties, server]:
        process.end()
    check_results(plan, names, 3)
    if proxy.harmed < 10 or proxy.connections < 10:
        sys.exit('the proxy did no harm: %d, %d connections' % (proxy.harmed, proxy.connections))
    print('%d connections, %d of them harmed' % (proxy.connections, proxy.harmed))


def refused(action, home, plan, port, *words):
    """By which sentence the program ends, where that is its end."""
    done = subprocess.run([PROGRAM, 'joint', action, home, *mail_of(home), *plan, *LOCK, '--connect', '127.0.0.1:%d' % port,
                           *words], capture_output=True, text=True, timeout=SECONDS)
    if done.returncode != 1:
        sys.exit('%s was not refused: %s' % (home, done.stdout))
    return done.stderr.strip()


def expect(said, wanted):
    if said != wanted:
        sys.exit('says %r, not %r' % (said, wanted))


def handshake(port, version=None, protocol='sfumato-joint/1'):
    """A client without a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols([protocol])
    if version:
        context.maximum_version = version
    with socket.create_connection(('127.0.0.1', port)) as plain:
        try:
            with context.wrap_socket(plain) as link:
                link.recv(1)
                return 'ended'
        except (ssl.SSLError, ConnectionError):
            return 'refused'


def send(port, piece):
    with socket.create_connection(('127.0.0.1', port)) as plain:
        plain.sendall(piece)
        plain.settimeout(SECONDS)
        try:
            while plain.recv(1000):
                pass
        except ConnectionError:
            pass


def hostile():
    names = ['chief', 'east', 'north', 'south']
    make_homes([*names, 'eve'])
    signed_roster(names)
    joint('join', 'eve', *[name + '/member' for name in names], '--quorum', '4', *mail_of('eve'))
    plan = planned(names)
    server = Server('chief', plan)
    silent = [socket.create_connection(('127.0.0.1', server.port)) for _ in range(40)]  # more than there is room for
    dribble = silent[-1]
    dribble.sendall(b'\x16')

    stranger = sfumato('keys', 'show', 'eve/key').split()[1]
    expect(refused('approve', 'eve', plan, server.port, '--coordinator', 'chief'),
           "sfumato joint: connection: is refused there: this home's key is none of its roster's")
    server.line(r'127\.0\.0\.1:\d+: must be by a key that is expected here, is by ' + stranger)
    expect(refused('approve', 'east', plan, server.port, '--coordinator', 'north'),
           'sfumato joint: connection: must be by a key that is expected here, is by ' +
           sfumato('keys', 'show', 'chief/key').split()[1])
    expect(refused('approve', 'east', plan, server.port),
           'sfumato joint: coordinator: must be told by --coordinator: the plan, which names it, is not in the folder yet')
    expect(handshake(server.port), 'refused')
    server.line('must show a certificate of its key')
    expect(handshake(server.port, ssl.TLSVersion.TLSv1_2), 'refused')
    expect(handshake(server.port, protocol='h2'), 'refused')
    server.line('must speak sfumato-joint/1 within TLS')
    send(server.port, b'GET / HTTP/1.1\r\n\r\n')
    send(server.port, b'\x16\x03\x01\x40\x00\x01\x01\xff\xff' + bytes(100000))
    server.line('must speak TLS 1.3')

    approve(names, plan, server.port)
    dribble.sendall(b'\x03')
    parties = [party(name, plan, server.port) for name in names[1:]]
    for process in [*parties, server]:
        process.end()
    check_results(plan, names, 3)


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        pathlib.Path('digits').write_text('0123456789abcdef' * 4 + '\n')
        os.chmod('digits', 0o600)
        begin = time.monotonic()
        {'killed': killed, 'visits': lambda: killed(['east', 'north']), 'dropout': dropout, 'cut': lambda: through_proxy(1, cut_short),
         'flipped': lambda: through_proxy(2, flip_bits), 'hostile': hostile}[sys.argv[2]]()
        print('%.1f s' % (time.monotonic() - begin))
        os.chdir('/')


if __name__ == '__main__':
    main()
