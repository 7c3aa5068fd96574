package io.offtake.network;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Indian State codes, the first two digits of a GSTIN. Source: IN-02.
public final class States {
    private static final Map<String, String> NAMES = read();

    private States() {}

    /// Names by code, in the order of the codes.
    public static Map<String, String> names() {
        return NAMES;
    }

    private static Map<String, String> read() {
        var names = new LinkedHashMap<String, String>();
        for (var entry : """
                01 Jammu and Kashmir
                02 Himachal Pradesh
                03 Punjab
                04 Chandigarh
                05 Uttarakhand
                06 Haryana
                07 Delhi
                08 Rajasthan
                09 Uttar Pradesh
                10 Bihar
                11 Sikkim
                12 Arunachal Pradesh
                13 Nagaland
                14 Manipur
                15 Mizoram
                16 Tripura
                17 Meghalaya
                18 Assam
                19 West Bengal
                20 Jharkhand
                21 Odisha
                22 Chhattisgarh
                23 Madhya Pradesh
                24 Gujarat
                26 Dadra and Nagar Haveli and Daman and Diu
                27 Maharashtra
                29 Karnataka
                30 Goa
                31 Lakshadweep
                32 Kerala
                33 Tamil Nadu
                34 Puducherry
                35 Andaman and Nicobar Islands
                36 Telangana
                37 Andhra Pradesh
                38 Ladakh
                96 Foreign country
                97 Other territory
                """.strip().split("\n")) {
            names.put(entry.substring(0, 2), entry.substring(3).strip());
        }
        return Collections.unmodifiableMap(names);
    }

    /// The name, or the code itself where it is no Indian State.
    public static String name(String code) {
        return NAMES.getOrDefault(code, code);
    }

    public static boolean isState(String code) {
        return NAMES.containsKey(code);
    }
}
