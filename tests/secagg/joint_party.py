#!/usr/bin/env python3
"""A party of a masked sum, written from docs/protocol/masked_sums.md alone; shares no code with the library.

Its first line on stdin is JSON: the terms, its place, seed of its identity, ledger head, input. It answers each
line, and first this one, by a line: a message in hexadecimal, empty where there is nothing to say, or
"refused: …". Each further line is a message of the coordinator's.
"""
import hashlib, json, secrets, struct, sys

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

COORDINATOR = 255
MASKED = 1
TERMS, ADVERTISEMENT, SEALED_SHARES, MASKED_INPUT, AGREEMENT, UNMASKING = 16, 17, 18, 19, 20, 21
KEY_LIST, SHARE_DELIVERY, SURVIVOR_LIST, AGREEMENT_LIST = 32, 33, 34, 35


class Refused(Exception):
    pass


def require(condition, why):
    if not condition:
        raise Refused(why)


def header(kind):
    return b'sfumato joint\n' + struct.pack('>HHH', 1, 1, kind)


def width(most):
    return (most.bit_length() + 7) // 8


def vector(content, most):
    return len(content).to_bytes(width(most), 'big') + content


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        require(self.at + size <= len(self.data), 'is cut')
        self.at += size
        return self.data[self.at - size:self.at]

    def number(self, size):
        return int.from_bytes(self.take(size), 'big')

    def vector(self, most):
        size = self.number(width(most))
        require(size <= most, 'is too long')
        return self.take(size)

    def more(self):
        return self.at < len(self.data)

    def end(self):
        require(not self.more(), 'is too long')


def raw(key):
    return key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())


def public(key):
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def times(a, b):
    product = 0
    while b:
        if b & 1:
            product ^= a
        a = a << 1 ^ (0x11b if a & 0x80 else 0)
        b >>= 1
    return product


def split(secret, threshold, points):
    shares = {point: bytearray() for point in points}
    for byte in secret:
        coefficients = [byte, *secrets.token_bytes(threshold - 1)]
        for point in points:
            value = 0
            for coefficient in reversed(coefficients):
                value = times(value, point) ^ coefficient
            shares[point].append(value)
    return {point: bytes(share) for point, share in shares.items()}


def rising(items):
    require(all(a < b for a, b in zip(items, items[1:])), 'does not rise')
    return items


class Party:
    def __init__(self, told):
        self.terms = told['terms']
        self.roster = [bytes.fromhex(key) for key in self.terms['keys']]
        self.coordinator = bytes.fromhex(self.terms['coordinator'])
        self.parties, self.threshold = self.terms['parties'], self.terms['threshold']
        self.least = len(self.parties) - self.terms['dropouts']
        self.bits = self.terms['modulus_bits']
        self.place, self.input = told['place'], told['input']
        self.identity = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(told['identity']))
        self.head = struct.pack('>q', told['ledger_number']) + bytes.fromhex(told['ledger_hash'])
        self.session = hashlib.sha256(self.terms_bytes()).digest()
        self.cipher, self.mask = X25519PrivateKey.generate(), X25519PrivateKey.generate()
        self.advertisement = self.say(ADVERTISEMENT, public(self.cipher) + public(self.mask))
        self.taken = []
        self.answer = self.advertisement
        self.rounds = [self.take_keys, self.take_shares, self.take_survivors, self.take_agreements]

    def terms_bytes(self):
        t = self.terms
        return (header(TERMS) + bytes.fromhex(t['plan']) + bytes.fromhex(t['session']) + bytes.fromhex(t['roster']) +
                self.coordinator + vector(bytes(self.parties), 100) +
                bytes([t['threshold'], t['colluders'], t['dropouts'], t['active_coordinator'], t['modulus_bits']]) +
                struct.pack('>IQQ', t['length'], t['range'], t['noise_tail']) +
                bytes([MASKED]) + vector(b'', 100))

    def say(self, kind, body):
        message = header(kind) + self.session + bytes([self.place]) + self.head + vector(body, 2**27)
        return message + self.identity.sign(b'sfumato joint message v1\0' + message)

    def open(self, kind, message):
        """Sender, ledger head and body of what is signed as it has to be."""
        reader = Reader(message)
        require(reader.take(20) == header(kind), 'is of another kind')
        require(reader.take(32) == self.session, 'is of another session')
        sender, head, body = reader.number(1), reader.take(40), reader.vector(2**27)
        signature = reader.take(64)
        reader.end()
        if kind >= KEY_LIST:
            require(sender == COORDINATOR, 'is not of the coordinator')
            key = self.coordinator
        else:
            require(sender in self.parties, 'is of no party')
            key = self.roster[sender]
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(signature, b'sfumato joint message v1\0' + message[:-64])
        except InvalidSignature:
            raise Refused('is not signed') from None
        return sender, head, body

    def derive(self, secret, use, *places):
        return HKDF(hashes.SHA256(), 32, self.session, use + b'\0' + bytes(places)).derive(secret)

    def agreed(self, mine, theirs):
        return mine.exchange(X25519PublicKey.from_public_bytes(theirs))

    def receive(self, message):
        if message in self.taken:
            return self.answer if message == self.taken[-1] else b''
        require(len(self.taken) < 4, 'comes after all was said')
        self.answer = self.rounds[len(self.taken)](message)
        self.taken.append(message)
        return self.answer

    def messages(self, body):
        reader = Reader(body)
        inner = Reader(reader.vector(409600))
        reader.end()
        while inner.more():
            yield inner.vector(4096)

    def take_keys(self, message):
        peers, items = {}, list(self.messages(self.open(KEY_LIST, message)[2]))
        require(len(items) >= self.least, 'are too few')
        require(self.advertisement in items, 'has not the own one')
        for item in items:
            sender, head, body = self.open(ADVERTISEMENT, item)
            require(len(body) == 64, 'is cut')
            peers[sender] = {'cipher': body[:32], 'mask': body[32:], 'head': head}
        rising([self.open(ADVERTISEMENT, item)[0] for item in items])
        keys = [peer[sort] for peer in peers.values() for sort in ('cipher', 'mask')]
        require(len(set(keys)) == len(keys), 'has a key twice')

        self.peers, self.seed = peers, secrets.token_bytes(32)
        points = [place + 1 for place in peers]
        masks, seeds = split(raw(self.mask), self.threshold, points), split(self.seed, self.threshold, points)
        self.shares = {self.place: (masks[self.place + 1], seeds[self.place + 1])}
        boxes = b''
        for to in peers:
            if to == self.place:
                continue
            key = self.derive(self.agreed(self.cipher, peers[to]['cipher']), b'sfumato joint sealed shares v1',
                              self.place, to)
            nonce = secrets.token_bytes(12)
            boxes += bytes([to]) + nonce + AESGCM(key).encrypt(nonce, masks[to + 1] + seeds[to + 1], None)
        check = self.derive(self.seed, b'sfumato joint seed check v1', self.place)
        return self.say(SEALED_SHARES, check + vector(boxes, 9300))

    def take_shares(self, message):
        reader = Reader(self.open(SHARE_DELIVERY, message)[2])
        require(reader.number(1) == self.place, 'is for another')
        boxes = Reader(reader.vector(9300))
        reader.end()
        opened, senders = {}, []
        while boxes.more():
            party, nonce, sealed = boxes.number(1), boxes.take(12), boxes.take(80)
            require(party in self.peers and party != self.place, 'is of nobody')
            key = self.derive(self.agreed(self.cipher, self.peers[party]['cipher']),
                              b'sfumato joint sealed shares v1', party, self.place)
            try:
                both = AESGCM(key).decrypt(nonce, sealed, None)
            except InvalidTag:
                raise Refused('does not open') from None
            opened[party] = both[:32], both[32:]
            senders.append(party)
        rising(senders)
        require(len(senders) + 1 >= self.least, 'are too few')
        self.shares.update(opened)
        self.partners = sorted([self.place, *senders])
        return self.say(MASKED_INPUT, self.masked())

    def keystream(self, key):
        size = len(self.input) * self.bits // 8
        stream = Cipher(algorithms.AES(key), modes.CTR(bytes(16))).encryptor().update(bytes(size))
        step = self.bits // 8
        return [int.from_bytes(stream[i:i + step], 'little') for i in range(0, size, step)]

    def masked(self):
        own = self.keystream(self.derive(self.seed, b'sfumato joint self mask v1', self.place))
        words = [number + word for number, word in zip(self.input, own)]
        for other in self.partners:
            if other == self.place:
                continue
            low, high = sorted([self.place, other])
            key = self.derive(self.agreed(self.mask, self.peers[other]['mask']), b'sfumato joint pair mask v1', low,
                              high)
            sign = 1 if self.place == low else -1
            words = [word + sign * mask for word, mask in zip(words, self.keystream(key))]
        return b''.join((word % 2**self.bits).to_bytes(self.bits // 8, 'little') for word in words)

    def take_survivors(self, message):
        body = self.open(SURVIVOR_LIST, message)[2]
        reader = Reader(body)
        alive, dead = rising(list(reader.vector(100))), rising(list(reader.vector(100)))
        reader.end()
        require(not set(alive) & set(dead), 'overlaps')
        require(sorted(alive + dead) == self.partners, 'is not of those who shared')
        require(self.place in alive and len(alive) >= self.least, 'are too few')
        self.alive, self.list = alive, body
        return self.say(AGREEMENT, body)

    def take_agreements(self, message):
        senders = []
        for item in self.messages(self.open(AGREEMENT_LIST, message)[2]):
            sender, head, body = self.open(AGREEMENT, item)
            require(sender in self.alive, 'is of no survivor')
            require(head == self.peers[sender]['head'], 'names another ledger head')
            require(body == self.list, 'is to another list')
            senders.append(sender)
        rising(senders)
        require(len(senders) >= self.threshold, 'are too few')
        said = b''
        for party in self.partners:
            living = party in self.alive
            mask_share, seed_share = self.shares[party]
            said += bytes([party, 0 if living else 1]) + (seed_share if living else mask_share)
        return self.say(UNMASKING, vector(said, 3400))


def main():
    party = Party(json.loads(sys.stdin.readline()))
    print(party.answer.hex(), flush=True)
    for line in sys.stdin:
        try:
            print(party.receive(bytes.fromhex(line)).hex(), flush=True)
        except Refused as why:
            print('refused:', why, flush=True)


if __name__ == '__main__':
    main()
