package io.offtake.example.domain;

import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// Where everything invented comes from: the same words give the same numbers and ids on every machine.
public final class Seed {
    private static final long MARULIA = 0x4D4152554C4941L;

    private Seed() {}

    /// 64 well-mixed bits of the words.
    public static long of(Object... words) {
        long hash = MARULIA;
        for (var word : words) {
            var text = word.toString();
            for (int at = 0; at < text.length(); at++) hash = mix(hash ^ text.charAt(at));
            hash = mix(hash ^ 0x1F);
        }
        return hash;
    }

    /// A stream of numbers for the words.
    public static RandomGenerator random(Object... words) {
        return new java.util.SplittableRandom(of(words));
    }

    /// A UUIDv7 with the given time whose other bits come from the words.
    public static UUID id(Instant at, Object... words) {
        long hash = of(words);
        long more = mix(hash ^ 0x5DEECE66DL);
        return new UUID(at.toEpochMilli() << 16 | 0x7000L | hash >>> 52, 0x8000000000000000L | more >>> 2);
    }

    private static long mix(long bits) {
        bits = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
        bits = (bits ^ bits >>> 27) * 0x94D049BB133111EBL;
        return bits ^ bits >>> 31;
    }
}
