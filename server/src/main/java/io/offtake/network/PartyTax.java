package io.offtake.network;

import io.offtake.governance.Draft;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/// What a tax regime asks of a party's registration and address: the part of a tax pack that the masters need
/// (domain/05b section 5b.1, Identity). Packs are found as services, so that a market brings its own without a change here.
public interface PartyTax {

    /// As it stands on the distributor, such as `KE_VAT`.
    String regime();

    /// Adds a fault for what does not fit. `taxId` is the column `gstin`: the tax number of whatever country.
    void check(Draft<?> draft, @Nullable String taxId, String registration, String stateCode);

    /// Adds a fault if the postcode has not the country's form.
    void postcode(Draft<?> draft, String code);

    /// Where packs come from: one service may bring many countries.
    interface Source {
        List<? extends PartyTax> parties();
    }

    /// The pack of a regime; empty for India, whose own checks the masters have, and where no tax is kept.
    static Optional<PartyTax> of(String regime) {
        return Optional.ofNullable(Known.BY_REGIME.get(regime));
    }

    /// Regimes that packs bring, in the order of their codes.
    static List<String> regimes() {
        return List.copyOf(Known.BY_REGIME.keySet());
    }

    /// Read once.
    final class Known {
        private static final Map<String, PartyTax> BY_REGIME = read();

        private Known() {}

        private static Map<String, PartyTax> read() {
            var found = new LinkedHashMap<String, PartyTax>();
            ServiceLoader.load(Source.class, PartyTax.class.getClassLoader()).stream().flatMap(source -> source.get().parties().stream())
                    .sorted(java.util.Comparator.comparing(PartyTax::regime)).forEach(party -> found.put(party.regime(), party));
            return found;
        }
    }
}
