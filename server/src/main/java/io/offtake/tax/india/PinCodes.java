package io.offtake.tax.india;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Which States a postal code may lie in, by its longest known beginning (IN-34). Zones are shared where the post shares them.
public final class PinCodes {
    private static final Map<String, Set<String>> STATES = read();

    private PinCodes() {}

    /// True as well for beginnings that no zone is known for: the portal has the last word.
    public static boolean mayLieIn(String pin, String state) {
        for (int length = Math.min(3, pin.length()); length >= 2; length--) {
            var states = STATES.get(pin.substring(0, length));
            if (states != null) return states.contains(state);
        }
        return true;
    }

    private static Map<String, Set<String>> read() {
        var found = new TreeMap<String, Set<String>>();
        for (var line : """
                11 07
                12 06
                13 06
                14 03 04
                15 03
                16 03 04 06
                17 02
                18 01
                19 01 38
                194 38
                20 09
                21 09
                22 09
                23 09
                24 09 05
                25 09 05
                26 09 05
                27 09
                28 09
                30 08
                31 08
                32 08
                33 08
                34 08
                36 24 26
                37 24
                38 24
                39 24 26
                40 27
                403 30
                41 27
                42 27
                43 27
                44 27
                45 23
                46 23
                47 23
                48 23
                49 22
                50 36
                51 37
                52 37
                53 37 34
                56 29
                57 29
                58 29
                59 29
                60 33 34
                61 33
                62 33
                63 33
                64 33
                65 33
                66 33
                67 32 34
                68 32 31
                69 32
                70 19
                71 19
                72 19
                73 19 11
                737 11
                74 19
                744 35
                75 21
                76 21
                77 21
                78 18
                790 12
                791 12
                792 12
                793 17
                794 17
                795 14
                796 15
                797 13
                798 13
                799 16
                80 10
                81 10 20
                82 10 20
                83 20
                84 10
                85 10
                """.strip().split("\n")) {
            var words = line.strip().split(" ");
            found.put(words[0], Set.of(java.util.Arrays.copyOfRange(words, 1, words.length)));
        }
        return found;
    }
}
