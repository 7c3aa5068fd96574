package io.offtake.tax.india;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What customs say of an export (IN-33 `ExpDtls`, IN-50 table 6A).
///
/// @param shippingBill     number of the shipping bill, 3 to 7 digits; null with its day: not there yet
/// @param shippedOn        its day
/// @param portCode         customs' code of the port, six capital letters and digits, such as INNSA1
/// @param country          of destination, two capital letters (ISO 3166-1), not IN
public record ExportDetails(@Nullable String shippingBill, @Nullable LocalDate shippedOn, String portCode, String country) {
    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    /// What the tax office would not take of it.
    ///
    /// @param billedOn day of the invoice: goods are not shipped before
    public List<Fault> faults(LocalDate billedOn, LocalDate today) {
        var faults = new ArrayList<Fault>();
        if ((shippingBill == null) != (shippedOn == null))
            faults.add(Fault.at("EXP", shippingBill == null ? "/shippingBill" : "/shippedOn", "is missing", "a shipping bill has a number and a day; leave out both until it is there"));
        if (shippingBill != null && !shippingBill.matches("[0-9]{3,7}")) faults.add(Fault.at("EXP", "/shippingBill", "\"" + shippingBill + "\" is no number of a shipping bill", "3 to 7 digits"));
        if (shippedOn != null && (shippedOn.isBefore(billedOn) || shippedOn.isAfter(today)))
            faults.add(Fault.at("EXP", "/shippedOn", shippedOn + " is not a day on which this could be shipped", billedOn + " to " + today));
        if (!portCode.matches("IN[A-Z0-9]{4}")) faults.add(Fault.at("EXP", "/portCode", portCode.isEmpty() ? "is missing" : "\"" + portCode + "\" is no port code", "IN and four letters or digits, such as INNSA1"));
        if (country.equals("IN") || !COUNTRIES.contains(country))
            faults.add(Fault.at("EXP", "/country", country.isEmpty() ? "is missing" : "\"" + country + "\" is no country abroad", "two capital letters, such as AE or NP"));
        return faults;
    }
}
