package io.offtake.rules;

/// SHA-256 (FIPS 180-4) in plain arithmetic, because the browser build has no `MessageDigest`.
final class Sha256 {
    private static final int[] K = new int[64];
    private static final int[] START = new int[8];

    static {
        // The first 32 bits of the fractional parts of the square and cube roots of the first primes.
        int found = 0;
        for (int candidate = 2; found < 64; candidate++) {
            boolean prime = true;
            for (int divisor = 2; divisor * divisor <= candidate; divisor++) prime &= candidate % divisor != 0;
            if (!prime) continue;
            K[found] = (int) (long) ((Math.cbrt(candidate) % 1) * 4294967296.0);
            if (found < 8) START[found] = (int) (long) ((Math.sqrt(candidate) % 1) * 4294967296.0);
            found++;
        }
    }

    private Sha256() {}

    /// Lower-case hex digest of a text's UTF-8 bytes.
    static String hex(String text) {
        var padded = new byte[(text.length() * 3 + 8) / 64 * 64 + 64];
        int length = utf8(text, padded);
        int blocks = (length + 8) / 64 + 1, end = blocks * 64;
        padded[length] = (byte) 0x80;
        long bits = length * 8L;
        for (int at = 0; at < 8; at++) padded[end - 1 - at] = (byte) (bits >>> (8 * at));
        var state = START.clone();
        var words = new int[64];
        for (int block = 0; block < blocks; block++) {
            for (int at = 0; at < 16; at++) {
                int from = block * 64 + at * 4;
                words[at] = (padded[from] & 0xFF) << 24 | (padded[from + 1] & 0xFF) << 16 | (padded[from + 2] & 0xFF) << 8 | (padded[from + 3] & 0xFF);
            }
            for (int at = 16; at < 64; at++) {
                int two = words[at - 2], fifteen = words[at - 15];
                words[at] = words[at - 16] + (turn(fifteen, 7) ^ turn(fifteen, 18) ^ fifteen >>> 3) + words[at - 7] + (turn(two, 17) ^ turn(two, 19) ^ two >>> 10);
            }
            int a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
            for (int at = 0; at < 64; at++) {
                int one = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (e & f ^ ~e & g) + K[at] + words[at];
                int two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + (a & b ^ a & c ^ b & c);
                h = g;
                g = f;
                f = e;
                e = d + one;
                d = c;
                c = b;
                b = a;
                a = one + two;
            }
            state[0] += a;
            state[1] += b;
            state[2] += c;
            state[3] += d;
            state[4] += e;
            state[5] += f;
            state[6] += g;
            state[7] += h;
        }
        var hex = new StringBuilder(64);
        for (int word : state) for (int at = 28; at >= 0; at -= 4) hex.append("0123456789abcdef".charAt(word >>> at & 15));
        return hex.toString();
    }

    /// Writes a text as UTF-8; the answer is how many bytes. A lone surrogate becomes a question mark, as Java does.
    private static int utf8(String text, byte[] out) {
        int size = 0;
        for (int at = 0; at < text.length(); at++) {
            int code = text.charAt(at);
            if (code >= 0xD800 && code < 0xE000) {
                boolean pair = code < 0xDC00 && at + 1 < text.length() && text.charAt(at + 1) >= 0xDC00 && text.charAt(at + 1) < 0xE000;
                code = pair ? 0x10000 + ((code - 0xD800) << 10) + text.charAt(++at) - 0xDC00 : '?';
            }
            if (code < 0x80) out[size++] = (byte) code;
            else if (code < 0x800) {
                out[size++] = (byte) (0xC0 | code >> 6);
                out[size++] = (byte) (0x80 | code & 0x3F);
            } else if (code < 0x10000) {
                out[size++] = (byte) (0xE0 | code >> 12);
                out[size++] = (byte) (0x80 | code >> 6 & 0x3F);
                out[size++] = (byte) (0x80 | code & 0x3F);
            } else {
                out[size++] = (byte) (0xF0 | code >> 18);
                out[size++] = (byte) (0x80 | code >> 12 & 0x3F);
                out[size++] = (byte) (0x80 | code >> 6 & 0x3F);
                out[size++] = (byte) (0x80 | code & 0x3F);
            }
        }
        return size;
    }

    private static int turn(int word, int by) {
        return word >>> by | word << (32 - by);
    }
}
