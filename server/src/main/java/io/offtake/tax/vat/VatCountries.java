package io.offtake.tax.vat;

import io.offtake.network.PartyTax;
import io.offtake.tax.TaxPack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// Brings the countries of `countries.json`.
public final class VatCountries implements TaxPack.Source, PartyTax.Source {
    private static final List<VatCountry> ALL = read();

    @Override
    public List<VatCountry> packs() {
        return ALL;
    }

    @Override
    public List<VatCountry> parties() {
        return ALL;
    }

    /// The country of a regime; empty if the regime is no VAT of this pack.
    public static Optional<VatCountry> of(String regime) {
        return ALL.stream().filter(country -> country.regime().equals(regime)).findFirst();
    }

    /// Regimes of the countries.
    public static List<String> regimes() {
        return ALL.stream().map(VatCountry::regime).toList();
    }

    private static List<VatCountry> read() {
        try (var file = VatCountries.class.getResourceAsStream("countries.json")) {
            return List.of(JsonMapper.builder().build().readValue(file, VatCountry[].class));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
