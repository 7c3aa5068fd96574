package io.offtake.tax;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/// The tax packs of this installation, by regime.
public final class TaxPacks {
    private static final Map<String, TaxPack> BY_REGIME = read();

    private TaxPacks() {}

    /// @throws IllegalArgumentException for a regime that no pack brings
    public static TaxPack of(String regime) {
        var pack = BY_REGIME.get(regime);
        if (pack == null) throw new IllegalArgumentException("there is no tax pack " + regime);
        return pack;
    }

    /// Every regime, in the order of their codes.
    public static List<String> regimes() {
        return List.copyOf(BY_REGIME.keySet());
    }

    private static Map<String, TaxPack> read() {
        var found = new LinkedHashMap<String, TaxPack>();
        ServiceLoader.load(TaxPack.Source.class, TaxPack.class.getClassLoader()).stream().flatMap(source -> source.get().packs().stream())
                .sorted(Comparator.comparing(TaxPack::regime)).forEach(pack -> found.put(pack.regime(), pack));
        return found;
    }
}
