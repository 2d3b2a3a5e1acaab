#!/usr/bin/env python3
"""Writes wire.json: golden frames and effect records, from docs/wire.md and Python's own library alone.

A third reading of the specification beside the TypeScript and the C codec: neither codec's code is used, so neither can
confirm its own mistake. Run it after a change of docs/wire.md: python3 test/vectors/wire.py
"""

import base64
import binascii
import json
import pathlib

TOP, STORE, INPUT, OUTPUT, PRINT, ERROR = range(6)
INT_MIN, INT_MAX = -(2**31), 2**31 - 1


def b64(data):
    return base64.b64encode(bytes(data)).decode() or "="


def sealed(body):
    """A line with its CRC-16/CCITT-FALSE: binascii.crc_hqx is that polynomial, unreflected, without a final XOR."""
    return f"{body}*{binascii.crc_hqx(body.encode('latin-1'), 0xFFFF):04X}"


assert binascii.crc_hqx(b"123456789", 0xFFFF) == 0x29B1


def frame(name, kind, seq, *fields):
    line = sealed(" ".join([f"@{kind}{seq:02X}", *fields]))
    assert len(line) + 1 <= 512, name
    return {"name": name, "type": kind, "seq": seq, "fields": list(fields), "line": line}


def varint(value):
    out = []
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def signed(value):
    return varint(value * 2 if value >= 0 else -value * 2 - 1)


def effect(pc, opcode, sp, kind, address=0, value=0, text=None):
    record = {"pc": pc, "opcode": opcode, "sp": sp, "kind": kind, "address": address, "value": value}
    if kind == PRINT:
        record["text"] = bytes(text).hex()
    return record


def encode(effects):
    out, before = b"", None
    for e in effects:
        change = None if before is None else e["sp"] - before["sp"]
        nibble = 0 if change is None or not -7 <= change <= 7 else change + 8
        jumped = before is None or e["pc"] != before["pc"] + 1
        out += bytes([e["kind"] | jumped << 3 | nibble << 4, e["opcode"]])
        out += e["pc"].to_bytes(2, "little") if jumped else b""
        out += b"" if nibble else varint(e["sp"])
        if e["kind"] in (STORE, INPUT, OUTPUT, PRINT):
            out += varint(e["address"])
        if e["kind"] == PRINT:
            text = bytes.fromhex(e["text"])
            out += bytes([len(text)]) + text
        else:
            out += signed(e["value"])
        before = e
    return out


def records(name, *effects, expect=None):
    """`expect`: the bytes worked out by hand, where somebody did."""
    data = encode(effects)
    assert expect is None or bytes.fromhex(expect) == data, (name, data.hex())
    return {"name": name, "effects": list(effects), "bytes": data.hex(), "stream": stream(effects)}


FIRST = 0x6A09E667


def fold(h, w):
    mixed = h ^ (w * 0xCC9E2D51) & 0xFFFFFFFF
    return ((mixed << 13 | mixed >> 19) * 5 + 0xE6546B64) & 0xFFFFFFFF


def fold_all(words, h=FIRST):
    for word in words:
        h = fold(h, word & 0xFFFFFFFF)
    return h


def text_hash(text):
    return fold_all([len(text), *text])


def stream(effects):
    """The stream hash of a VM whose first steps these are."""
    h = FIRST
    for e in effects:
        where = [] if e["kind"] == TOP else [e["kind"] << 24 | e["address"]]
        value = text_hash(bytes.fromhex(e["text"])) if e["kind"] == PRINT else e["value"]
        h = fold_all([e["pc"] | e["opcode"] << 16 | e["sp"] << 24, *where, value], h)
    return h


RECORDS = [
    records("first record has pc and sp", effect(0, 0x01, 1, TOP, value=5), expect="08 01 0000 01 0a"),
    records(
        "second record has neither",
        effect(0, 0x01, 1, TOP, value=5),
        effect(1, 0x02, 0, TOP),
        expect="08 01 0000 01 0a  70 02 00",
    ),
    records("sp unchanged", effect(7, 0x30, 3, TOP, value=9), effect(8, 0x30, 3, TOP, value=9), expect="08300700 03 12 803012"),
    records("jump back", effect(300, 0x30, 0, TOP), effect(2, 0x19, 1, INPUT, 0x401, 1000), expect="08302c010000 9a190200 8108 d00f"),
    records("pc follows 65534", effect(65534, 0x01, 1, TOP, value=1), effect(65535, 0x00, 1, ERROR, value=4), expect="0801feff0102 850008"),
    records("value 0", effect(0, 0x01, 1, TOP, value=0), expect="080100000100"),
    records("value -1", effect(0, 0x01, 1, TOP, value=-1), expect="080100000101"),
    records("value 63", effect(0, 0x01, 1, TOP, value=63), expect="08010000017e"),
    records("value -64", effect(0, 0x01, 1, TOP, value=-64), expect="08010000017f"),
    records("value 64", effect(0, 0x01, 1, TOP, value=64), expect="0801000001 8001"),
    records("value -65", effect(0, 0x01, 1, TOP, value=-65), expect="0801000001 8101"),
    records("value INT_MAX", effect(0, 0x01, 1, TOP, value=INT_MAX), expect="0801000001 feffffff0f"),
    records("value INT_MIN", effect(0, 0x01, 1, TOP, value=INT_MIN), expect="0801000001 ffffffff0f"),
    records("sp 128 from the start", effect(0, 0x01, 128, TOP, value=1), expect="08010000 8001 02"),
    records("sp falls by 7: in the header", effect(0, 0x52, 20, TOP, value=1), effect(1, 0x09, 13, TOP, value=2), expect="0852000014 02 100904"),
    records("sp falls by 8: explicit", effect(0, 0x52, 20, TOP, value=1), effect(1, 0x09, 12, TOP, value=2), expect="0852000014 02 00090c04"),
    records("sp falls by 128: explicit", effect(0, 0x52, 128, TOP, value=1), effect(1, 0x09, 0, TOP), expect="08520000800102 00090000"),
    records("sp rises by 7: in the header", effect(0, 0x01, 1, TOP, value=1), effect(1, 0x01, 8, TOP, value=1), expect="080100000102 f00102"),
    records("sp rises by 8: explicit", effect(0, 0x01, 1, TOP, value=1), effect(1, 0x01, 9, TOP, value=1), expect="080100000102 00010902"),
    records("explicit sp and pc together", effect(0, 0x01, 30, TOP, value=1), effect(9, 0x09, 1, TOP, value=-3), expect="08010000 1e 02 08090900 01 05"),
    records("store to global 63", effect(4, 0x51, 0, STORE, 0x003F, -2), expect="09510400 00 3f 03"),
    records("store to local 127", effect(4, 0x53, 128, STORE, 0x017F, 300), expect="09530400 8001 ff02 d804"),
    records("create array 15 with 64 elements", effect(4, 0x56, 0, STORE, 0x020F, 64), expect="09560400 00 8f04 8001"),
    records("store to array 15, index 63", effect(4, 0x55, 0, STORE, 0x07FF, INT_MIN), expect="09550400 00 ff0f ffffffff0f"),
    records("digital read of pin 22", effect(4, 0x11, 1, INPUT, 22, 1), expect="0a110400 01 16 02"),
    records("analog read of pin 16", effect(4, 0x13, 1, INPUT, 0x0110, 4095), expect="0a130400 01 9002 fe3f"),
    records("button 0", effect(4, 0x15, 1, INPUT, 0x0300, 0), expect="0a150400 01 8006 00"),
    records("micros 0xFFFFFFFF is -1", effect(4, 0x1A, 1, INPUT, 0x0402, -1), expect="0a1a0400 01 8208 01"),
    records("digital write of pin 13", effect(4, 0x10, 0, OUTPUT, 13, 1), expect="0b100400 00 0d 02"),
    records("pin mode", effect(4, 0x17, 0, OUTPUT, 0x020D, 1), expect="0b170400 00 8d04 02"),
    records("delay 2000", effect(4, 0x14, 0, OUTPUT, 0x0400, 2000), expect="0b140400 00 8008 a01f"),
    records("print nothing", effect(4, 0x18, 0, PRINT, 0x0403, text=b""), expect="0c180400 00 8308 00"),
    records("print Hi", effect(4, 0x18, 0, PRINT, 0x0403, text=b"Hi\n"), expect="0c180400 00 8308 03 48690a"),
    records("print 255 bytes", effect(4, 0x18, 0, PRINT, 0x0403, text=range(255)), effect(5, 0x00, 0, TOP)),
    records("print UTF-8 and NUL", effect(4, 0x18, 0, PRINT, 0x0403, text="é\0@*".encode())),
    records("unknown opcode faults", effect(4, 0xFF, 2, ERROR, value=5), expect="0dff0400 02 0a"),
    records("all error codes", *[effect(7, 0x06, 2, ERROR, value=code) for code in range(1, 13)]),
    records(
        "a blink",
        effect(10, 0x01, 1, TOP, value=13),
        effect(11, 0x01, 2, TOP, value=1),
        effect(12, 0x10, 0, OUTPUT, 13, 1),
        effect(13, 0x01, 1, TOP, value=100),
        effect(14, 0x14, 0, OUTPUT, 0x400, 100),
        effect(15, 0x18, 0, PRINT, 0x403, text=b"Blink 1: LED ON\n"),
        effect(3, 0x08, 0, TOP),
        expect="08010a00011a 900102 63100d02 9001c801 7314 8008 c801 8418 8308 10 426c696e6b20313a204c4544204f4e0a 880803 00 00",
    ),
]

BAD_RECORDS = [
    {"name": "nothing", "bytes": "", "reason": "no records"},
    {"name": "header alone", "bytes": "08", "reason": "truncated"},
    {"name": "no pc at the start", "bytes": "00010105", "reason": "no pc in the first record"},
    {"name": "no sp at the start", "bytes": "980100000a", "reason": "no sp in the first record"},
    {"name": "half a pc", "bytes": "080100", "reason": "truncated"},
    {"name": "no value", "bytes": "0801000001", "reason": "truncated"},
    {"name": "open varint", "bytes": "080100000180", "reason": "truncated"},
    {"name": "varint of six bytes", "bytes": "0801000001808080808001", "reason": "varint"},
    {"name": "varint above 32 bits", "bytes": "0801000001ffffffff1f", "reason": "varint"},
    {"name": "varint longer than needed", "bytes": "08010000018000", "reason": "varint"},
    {"name": "kind 6", "bytes": "0e010000010a", "reason": "kind"},
    {"name": "kind 7", "bytes": "0f010000010a", "reason": "kind"},
    {"name": "sp 129", "bytes": "0801000081010a", "reason": "sp"},
    {"name": "sp below 0", "bytes": "080200000000" + "700200", "reason": "sp"},
    {"name": "pc beyond 65535", "bytes": "0801ffff0102" + "900102", "reason": "pc"},
    {"name": "text shorter than its length", "bytes": "0c180400008308034869", "reason": "truncated"},
]

VARINTS = [
    {"value": value, "bytes": varint(value).hex()}
    for value in (0, 1, 127, 128, 255, 256, 16383, 16384, 2097151, 2097152, 268435455, 268435456, 2**31, 2**32 - 1)
]
assert VARINTS[2]["bytes"] == "7f" and VARINTS[3]["bytes"] == "8001" and VARINTS[-1]["bytes"] == "ffffffff0f"



def inputs(name, *values, expect=None):
    """`values`: offset in the epoch, port, value. One INPUTS event."""
    data, before = b"", 0
    for offset, port, value in values:
        data += varint(offset - before) + varint(port) + signed(value)
        before = offset
    assert len(data) <= 336, name
    assert expect is None or bytes.fromhex(expect) == data, (name, data.hex())
    return {"name": name, "inputs": [dict(zip(("offset", "port", "value"), value)) for value in values], "bytes": data.hex()}


INPUTS = [
    inputs("pin 22 in the first step", (0, 22, 1), expect="00 16 02"),
    inputs("analog pin 16 in the last step of all", (4095, 0x110, 4095), expect="ff1f 9002 fe3f"),
    inputs("a button, twice", (3, 0x300, 0), (131, 0x300, 1), expect="03 8006 00  8001 8006 02"),
    inputs("two in the same step", (7, 0, 0), (7, 1, 1), expect="07 00 00  00 01 02"),
    inputs("the clock", (1, 0x401, 1000), (2, 0x402, -1), (4, 0x402, INT_MIN), (5, 0x402, INT_MAX)),
    inputs("as many of three bytes as fit", *[(i, 22, i % 2) for i in range(112)]),
]

BAD_INPUTS = [
    {"name": "nothing", "bytes": "", "reason": "no records"},
    {"name": "no port", "bytes": "00", "reason": "truncated"},
    {"name": "no value", "bytes": "0016", "reason": "truncated"},
    {"name": "open varint", "bytes": "001680", "reason": "truncated"},
    {"name": "varint longer than needed", "bytes": "00160200168000", "reason": "varint"},
    {"name": "varint above 32 bits", "bytes": "0016ffffffff1f", "reason": "varint"},
]


def checkpoint(*values, expect=None):
    """`values`: epoch, number of the step after it, stream hash, state hash, number of inputs."""
    *words, count = values
    data = b"".join(word.to_bytes(4, "little") for word in words) + count.to_bytes(2, "little")
    assert expect is None or bytes.fromhex(expect) == data, data.hex()
    return dict(zip(("epoch", "endStep", "stream", "state", "inputs"), values)) | {"bytes": data.hex()}


CHECKPOINTS = [
    checkpoint(0, 1, 0x11223344, 0x55667788, 0, expect="00000000 01000000 44332211 88776655 0000"),
    checkpoint(7, 32768, FIRST, 0, 258, expect="07000000 00800000 67e6096a 00000000 0201"),
    checkpoint(2**32 - 1, 2**32 - 1, 2**32 - 1, 2**32 - 1, 65535),
]


def full_checkpoint(*values, expect=None):
    """`values`: epoch modulo 256, stream hash, state hash."""
    epoch, *hashes = values
    data = bytes([epoch]) + b"".join(word.to_bytes(4, "little") for word in hashes)
    assert expect is None or bytes.fromhex(expect) == data, data.hex()
    return dict(zip(("epoch", "stream", "state"), values)) | {"bytes": data.hex()}


FULL_CHECKPOINTS = [
    full_checkpoint(0, 0x11223344, 0x55667788, expect="00 44332211 88776655"),
    full_checkpoint(7, FIRST, 0, expect="07 67e6096a 00000000"),
    full_checkpoint(255, 2**32 - 1, 2**32 - 1),
]

ACKNOWLEDGEMENTS = [
    {"vm": vm, "next": number, "bytes": bytes([0x80 + 32 * vm + number % 32]).hex()}
    for vm, number in ((0, 0), (0, 1), (0, 31), (1, 32), (2, 4095), (3, 2**32 - 1))
]
assert [a["bytes"] for a in ACKNOWLEDGEMENTS] == ["80", "81", "9f", "a0", "df", "ff"]

RING_FIELDS = ("vm", "size", "epoch", "firstStep", "steps", "hash", "beforeFirstStep", "beforeSteps", "beforeHash", "imageCrc")


def ring_header(*values):
    words = [0x474E4952, *values]
    data = b"".join(word.to_bytes(4, "little") for word in [*words, fold_all(words)])
    assert len(data) == 48 and data.startswith(b"RING")
    return dict(zip(RING_FIELDS, values)) | {"bytes": data.hex()}


RING_HEADERS = [
    ring_header(0, 4096, 0, 0, 512, FIRST, 0, 0, 0, 0x12345678),
    ring_header(3, 1024, 2**32 - 1, 2**32 - 3, 3, 0x89ABCDEF, 2**32 - 1027, 1024, 0xFEDCBA98, 2**32 - 1),
]

DIGITAL, ANALOG, BUTTON, OTHERS = 0x000, 0x100, 0x300, 0xFFFF
LAST, REPEAT, SEED = range(3)


def mix(seed, port, read):
    h = (seed + (port + 1) * 0x9E3779B9 + read * 0x85EBCA6B) % 2**32
    h = (h ^ h >> 16) * 0x85EBCA6B % 2**32
    h = (h ^ h >> 13) * 0xC2B2AE35 % 2**32
    return h ^ h >> 16


# What is mixed is 1 here, and MurmurHash3's finaliser makes 0x514E28B7 of that.
assert mix(1 - 0x9E3779B9, 0, 0) == 0x514E28B7


def le(size, *numbers):
    return b"".join(number.to_bytes(size, "little") for number in numbers)


def values_of(port, *values, then=LAST):
    return le(2, port) + le(1, then, len(values)) + le(2, *values)


def seed_of(port, seed, low=0, high=0):
    return le(2, port) + le(1, SEED, 0) + le(4, seed) + le(2, low, high)


def script(name, *entries, expect=None, **reads):
    """`reads`: values of the first reads of a port, such as p4 or a16 or b0; None for one that is live."""
    data = b"".join(entries)
    assert expect is None or bytes.fromhex(expect) == data, (name, data.hex())
    kinds = {"p": DIGITAL, "a": ANALOG, "b": BUTTON}
    return {
        "name": name,
        "bytes": data.hex(),
        "reads": [{"port": kinds[key[0]] + int(key[1:]), "values": list(values)} for key, values in reads.items()],
    }


def seeded(seed, port, low, high):
    return [low + mix(seed, port, read) % (high - low + 1) for read in range(12)]


SCRIPTS = [
    script("the last value stays", values_of(DIGITAL + 4, 0, 0, 1), expect="0400 00 03 0000 0000 0100", p4=[0, 0, 1, 1, 1, 1], p5=[None], b0=[None]),
    script("again and again", values_of(ANALOG + 16, 4095, 7, then=REPEAT), expect="1001 01 02 ff0f 0700", a16=[4095, 7, 4095, 7, 4095], p16=[None]),
    script("a seed and its range", seed_of(ANALOG + 17, 7, 100, 900), expect="1101 02 00 07000000 6400 8403", a17=seeded(7, ANALOG + 17, 100, 900)),
    script(
        "a seed for all others",
        values_of(BUTTON + 0, 1),
        seed_of(OTHERS, 2**32 - 1),
        expect="0003 00 01 0100  ffff 02 00 ffffffff 0000 0000",
        b0=[1, 1, 1],
        p4=seeded(2**32 - 1, DIGITAL + 4, 0, 1),
        p5=seeded(2**32 - 1, DIGITAL + 5, 0, 1),
        a16=seeded(2**32 - 1, ANALOG + 16, 0, 4095),
    ),
    script("seeds of one value", seed_of(DIGITAL + 0, 5, 1, 1), seed_of(ANALOG + 0, 5, 4095, 4095), p0=[1, 1, 1], a0=[4095, 4095]),
    script("as many values as an entry has", values_of(DIGITAL + 22, *([1] * 254), 0), p22=[1] * 254 + [0, 0]),
]
assert SCRIPTS[2]["reads"][0]["values"][0] != SCRIPTS[2]["reads"][0]["values"][1]


def bad_script(name, *entries):
    return {"name": name, "bytes": b"".join(entries).hex()}


BAD_SCRIPTS = [
    bad_script("an unknown kind", le(2, 4) + le(1, 3, 1) + le(2, 0)),
    bad_script("no value", values_of(DIGITAL + 4)),
    bad_script("a level that is none", values_of(DIGITAL + 4, 0, 2)),
    bad_script("a button that is neither", values_of(BUTTON + 0, 2)),
    bad_script("an analog value too high", values_of(ANALOG + 16, 4096)),
    bad_script("a range upside down", seed_of(ANALOG + 16, 1, 5, 4)),
    bad_script("a range that is too long", seed_of(DIGITAL + 4, 1, 0, 2)),
    bad_script("a seed with a count", le(2, 4) + le(1, SEED, 1) + le(4, 1) + le(2, 0, 1)),
    bad_script("the clock", values_of(0x401, 0)),
    bad_script("the clock from a seed", seed_of(0x401, 1)),
    bad_script("an output", values_of(0x200, 0)),
    bad_script("values for all others", values_of(OTHERS, 0)),
    bad_script("a range for all others", seed_of(OTHERS, 1, 0, 1)),
    bad_script("a port twice", values_of(DIGITAL + 4, 0), seed_of(BUTTON + 0, 1, 0, 1), values_of(DIGITAL + 4, 1)),
    bad_script("all others twice", seed_of(OTHERS, 1), seed_of(OTHERS, 2)),
]

BLINK = bytes.fromhex(RECORDS[-1]["bytes"])
HELLO_REPLY = (
    "proto=4 fw=0123abcd-dirty build=harness defect=none isa=89ABCDEF elf=0123456789abcdef0123456789abcdef01234567 "
    "board=nucleo_g474re uid=0011223344556677889AABBC clock=170000000 line=512 arena=24576 chunks=8 vms=4 vmbytes=5080 epoch=4096 traced=1 script=1024 adc=1 rate=56666666"
).lower()
BOARD_REPLY = (
    "reset=pin,watchdog stack=3072 used=712 lost=4294967295 watchdog=30000 vdda=3298 crash=5 pc=080012ab lr=fffffff9 psr=61000000 sp=20000bd0 "
    "cfsr=00008200 hfsr=00000000 mmfar=e000ed34 bfar=fffffff0 vm=3 steps=4294967295"
)
STATUS_REPLY = "ok state=running reason=none steps=4294967295 rounds=3 pc=17 sp=2 depth=1 error=0 sent=4294967290 badframes=0 us=4294967295"

FRAMES = [
    frame("hello", "Q", 0x00, "HELLO"),
    frame("hello reply", "R", 0x00, *HELLO_REPLY.split(" ")),
    frame("board", "Q", 0x11, "BOARD"),
    frame("board reply", "R", 0x11, *BOARD_REPLY.split(" ")),
    frame("board reply that knows little", "R", 0x12, "reset=unknown", "lost=0", "vdda=-"),
    frame("watchdog", "Q", 0x13, "WATCHDOG", "30000"),
    frame("rate", "Q", 0x14, "RATE", "2000000"),
    # 256 * 170 MHz / 921600 is 47222.2: 47222 makes 921604.34.
    frame("rate reply", "R", 0x14, "ok", "baud=921604", "ppm=4", "back=1200"),
    frame("load", "Q", 0x01, "LOAD", "0", "1234", "4294967295"),
    frame("plain ok", "R", 0x01, "ok"),
    frame("data", "Q", 0x02, "DATA", "0", "0", b64(range(48))),
    frame("data reply", "R", 0x02, "ok", "next=48"),
    frame("data, longest chunk", "Q", 0x7F, "DATA", "3", "65160", b64([255 - i % 256 for i in range(360)])),
    frame("commit reply", "R", 0x80, "ok", "instructions=65535", "strings=0"),
    frame("refusal", "X", 0x0A, "bad-image", "bad-crc"),
    frame("refusal with words", "X", 0xA0, "no-room", "24576_bytes_is_all_there_is"),
    frame("go", "Q", 0x0B, "GO", "0", "trace", "virtual", "4294967295", "0"),
    frame("go digest", "Q", 0x0B, "GO", "3", "digest", "real", "4294967295", "4294967295", "4096"),
    frame("poll", "Q", 0x0C, "POLL", "3", "4294967295"),
    frame("status", "R", 0x0C, *STATUS_REPLY.split(" ")),
    frame("peek", "Q", 0x0D, "PEEK", "2", "frames", "0", "192"),
    frame("peek reply, 256 bytes", "R", 0x0D, b64(range(256))),
    frame("echo of nothing", "Q", 0x0E, "ECHO", "="),
    frame("echo of one byte", "Q", 0x0F, "ECHO", b64([0])),
    frame("echo of two bytes", "R", 0x10, b64([255, 254])),
    frame("highest number", "Q", 0xFF, "STATUS", "0"),
    frame("trace", "E", 0x00, "TRACE", "0", "0", "7", "123456", b64(BLINK)),
    frame("trace, fullest chunk", "E", 0xFE, "TRACE", "3", "4294967295", "112", "4294967295", b64([i % 251 for i in range(336)])),
    frame("inputs", "E", 0x01, "INPUTS", "0", "3", "0", "2", "123456", b64(bytes.fromhex(INPUTS[2]["bytes"]))),
    frame(
        "inputs, fullest event", "E", 0xFD, "INPUTS", "3", "4294967295", "4095", "112", "4294967295", b64([i % 251 for i in range(336)])
    ),
    frame("check", "E", 0x02, "CHECK", "0", b64(bytes.fromhex(CHECKPOINTS[0]["bytes"]))),
    frame("check of a full epoch", "E", 0x03, "F", "0", b64(bytes.fromhex(FULL_CHECKPOINTS[0]["bytes"]))),
    frame("done", "E", 0xFF, "DONE", "0", "halted", "42", "17", "0"),
    frame("no field", "R", 0x05),
    frame("lowest and highest byte", "R", 0x06, "!", "~"),
    frame("511 bytes and the newline", "R", 0x07, "a" * (511 - len("@R07 *0000"))),
]

GOOD = sealed("@Q00 HELLO")


def bad(name, reason, line):
    return {"name": name, "reason": reason, "line": line}


BAD = [
    bad("512 bytes without the newline", "too-long", sealed("@R07 " + "a" * (512 - len("@R07 *0000")))),
    bad("at sign alone", "no-crc", "@"),
    bad("no checksum", "no-crc", "@Q00 HELLO"),
    bad("checksum of three digits", "no-crc", GOOD[:-1]),
    bad("checksum of five digits", "no-crc", GOOD + "0"),
    bad("checksum in lower case", "no-crc", "@Q00 HELLO*" + GOOD[-4:].lower()),
    bad("checksum not hexadecimal", "no-crc", "@Q00 HELLO*00G0"),
    bad("checksum alone", "bad-crc", "@*FFFF"),
    bad("wrong checksum", "bad-crc", "@Q00 HELLO*0000"),
    bad("one letter changed", "bad-crc", GOOD.replace("HELLO", "HELLP")),
    bad("trailing space", "no-crc", GOOD + " "),
    bad("two frames in one line", "bad-field", sealed(GOOD + GOOD)),
    bad("unknown type", "bad-type", sealed("@A00 HELLO")),
    bad("type in lower case", "bad-type", sealed("@q00 HELLO")),
    bad("nothing but the at sign", "bad-type", sealed("@")),
    bad("type alone", "bad-seq", sealed("@Q")),
    bad("number of one digit", "bad-seq", sealed("@Q0 HELLO")),
    bad("number in lower case", "bad-seq", sealed("@Qab HELLO")),
    bad("number not hexadecimal", "bad-seq", sealed("@Q0G HELLO")),
    bad("number of three digits", "bad-field", sealed("@Q000 HELLO")),
    bad("no space before the field", "bad-field", sealed("@Q00HELLO")),
    bad("two spaces", "bad-field", sealed("@Q00  HELLO")),
    bad("space at the end", "bad-field", sealed("@Q00 HELLO ")),
    bad("tab", "bad-field", sealed("@Q00\tHELLO")),
    bad("star in a field", "bad-field", sealed("@Q00 HEL*LO")),
    bad("at sign in a field", "bad-field", sealed("@Q00 HEL@LO")),
    bad("control byte", "bad-field", sealed("@Q00 HEL\x01LO")),
    bad("byte 0x7F", "bad-field", sealed("@Q00 HEL\x7fLO")),
    bad("byte above 0x7F", "bad-field", sealed("@Q00 HEL\xe9LO")),
    bad("carriage return inside", "bad-field", sealed("@Q00 HEL\rLO")),
]
assert GOOD[-4:] != GOOD[-4:].lower()

CONSOLE = ["", "?", "Blink 1: LED ON", " " + GOOD, "\xe9t\xe9", "#@Q00 HELLO"]

BASE64 = [{"text": b64(data), "bytes": bytes(data).hex()} for data in (b"", b"\0", b"\0\0", b"\0\0\0", b"\xfb\xff\xfe", range(60))]
BAD_BASE64 = ["", "A", "AA", "AAA", "A===", "====", "AA=A", "AB==", "AAB=", "AA==AAAA", "AA-_", "AAA=A", "AAAA=", "AA =", "AAA\n", "==", "A=AA"]

ABOUT = (
    "Golden vectors of docs/wire.md, written by wire.py, which shares no code with either codec. A character of a line is one "
    "byte (Latin-1); lines stand without their newline. Texts of effects and all bytes are hexadecimal. frames: encode to and "
    "parse from `line`. bad: lines that begin with @ and must be dropped; `reason` is what the host reports. console: not frames. "
    "records: one chunk each, and the stream hash of a VM that did just that. badRecords: what a decoder must refuse. inputs, badInputs: "
    "the same of INPUTS events. checkpoints, fullCheckpoints, acknowledgements, ringHeaders: docs/wire.md, Digest runs. scripts, badScripts: Scripted inputs; "
    "null is the value of a read that is live."
)

path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(
    json.dumps(
        {
            "about": ABOUT,
            "frames": FRAMES,
            "bad": BAD,
            "console": CONSOLE,
            "base64": BASE64,
            "badBase64": BAD_BASE64,
            "varints": VARINTS,
            "records": RECORDS,
            "badRecords": BAD_RECORDS,
            "inputs": INPUTS,
            "badInputs": BAD_INPUTS,
            "checkpoints": CHECKPOINTS,
            "fullCheckpoints": FULL_CHECKPOINTS,
            "acknowledgements": ACKNOWLEDGEMENTS,
            "ringHeaders": RING_HEADERS,
            "scripts": SCRIPTS,
            "badScripts": BAD_SCRIPTS,
        },
        indent=2,
    )
    + "\n"
)
