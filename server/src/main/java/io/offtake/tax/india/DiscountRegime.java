package io.offtake.tax.india;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a discount after the sale must fulfil to lower the taxable value (s.15(3)(b), IN-21): a dated row, because the law
/// changes. Where it does not, a financial credit note is written, without GST.
///
/// @param needsAgreement      agreed at or before the supply, and linked to its invoices
/// @param needsItcReversal    the recipient has given back the input tax credit
/// @param evidence            how the reversal is shown: CA_CERTIFICATE, IMS, UNDERTAKING
public record DiscountRegime(String code, boolean needsAgreement, boolean needsItcReversal, String evidence, LocalDate validFrom, @Nullable LocalDate validTo, String source) {

    /// What is known of a benefit that is given after the sale.
    ///
    /// @param agreedOn        null without an agreement
    /// @param linked          whether its invoices are named
    /// @param itcReversed     as the recipient declared it
    /// @param buyerRegistered an unregistered buyer has no credit to reverse
    public record Facts(LocalDate supplied, @Nullable LocalDate agreedOn, boolean linked, boolean buyerRegistered, boolean itcReversed) {}

    public enum Note { TAX_CREDIT_NOTE, FINANCIAL_CREDIT_NOTE }

    /// @param why one entry per test that failed; empty for a tax note
    public record Choice(Note note, List<String> why) {}

    /// The regime in force on a day.
    public static DiscountRegime on(List<DiscountRegime> regimes, LocalDate day) {
        return regimes.stream().filter(one -> !one.validFrom.isAfter(day) && (one.validTo == null || !one.validTo.isBefore(day)))
                .max(java.util.Comparator.comparing(DiscountRegime::validFrom)).orElseThrow(() -> new IllegalStateException("no discount regime on " + day));
    }

    /// @param noteOn               the date of the note
    /// @param annualReturnFiledOn  of the year of the supply, null while not filed
    public Choice choose(Facts facts, LocalDate noteOn, @Nullable LocalDate annualReturnFiledOn) {
        var why = new ArrayList<String>();
        if (needsAgreement && (facts.agreedOn == null || facts.agreedOn.isAfter(facts.supplied))) why.add("not agreed at or before the supply");
        if (needsAgreement && !facts.linked) why.add("not linked to invoices");
        if (needsItcReversal && facts.buyerRegistered && !facts.itcReversed) why.add("the recipient has not reversed the input tax credit (" + evidence + ")");
        var last = FiscalYears.lastDayForTaxNote(facts.supplied, annualReturnFiledOn);
        if (noteOn.isAfter(last)) why.add("after " + last);
        return new Choice(why.isEmpty() ? Note.TAX_CREDIT_NOTE : Note.FINANCIAL_CREDIT_NOTE, List.copyOf(why));
    }
}
