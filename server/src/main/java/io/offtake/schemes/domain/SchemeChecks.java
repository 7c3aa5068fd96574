package io.offtake.schemes.domain;

import io.offtake.governance.Column;
import io.offtake.governance.Draft;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The set-up checks of domain/04 section 4.4 that need the form alone: errors go to the draft, warnings are told.
public final class SchemeChecks {
    private static final BigDecimal HUNDRED = new BigDecimal(100);
    private static final BigDecimal MAX = new BigDecimal(100_000_000);
    private static final BigDecimal CENT = new BigDecimal("0.01");
    private static final BigDecimal MICRO = new BigDecimal("0.000001");
    private static final List<String> REWARDS = List.of("PERCENT", "PER_UNIT", "FIXED");

    private SchemeChecks() {}

    public static void errors(Draft<SchemeForm> draft) {
        var form = draft.form();
        draft.code("code", form.code());
        draft.required("name", form.name());
        draft.oneOf("mechanic", form.mechanic(), List.of("M1", "M2", "M4"));
        draft.oneOf("stacking", form.stacking(), List.of("CASCADE", "ADDITIVE"));
        draft.oneOf("choice", form.choice(), List.of("BEST_FOR_OUTLET", "PRIORITY"));
        draft.oneOf("claimRate", form.claimRate(), List.of("PTS", "PTR", "COST"));
        draft.oneOf("stage", form.stage(), form.mechanic().equals("M4") ? List.of("FREE_GOODS") : List.of("CONTRACT", "LINE", "GROUP", "BILL"));
        for (var mode : form.paymentModes()) draft.oneOf("paymentModes", mode, List.of("CREDIT", "CASH", "UPI", "CHEQUE"));
        for (var type : form.saleTypes()) draft.oneOf("saleTypes", type, List.of("COUNTER", "DELIVERY"));
        for (var registration : form.registrations()) draft.oneOf("registrations", registration, List.of("REGULAR", "COMPOSITION", "UNREGISTERED", "SEZ"));
        draft.text("exclusionGroup", form.exclusionGroup(), 40);
        if (form.priority() < 0 || form.priority() > 9999) draft.fault("priority", form.priority() + " is out of range", "0 to 9999, lower goes first");
        draft.decimal("principalSharePercent", form.principalSharePercent(), BigDecimal.ZERO, HUNDRED, 4, true);
        if (form.validFrom() == null) draft.fault("validFrom", "is missing", "The first day");
        if (form.validTo() == null) draft.fault("validTo", "is missing", "The last day: every scheme has a period");
        if (form.validFrom() != null && form.validTo() != null && form.validTo().isBefore(form.validFrom())) draft.fault("validTo", "is before the first day", "A day on or after " + form.validFrom());
        switch (form.mechanic()) {
            case "M1" -> reward(draft, "rewardType", "rewardValue", form.rewardType(), form.rewardValue());
            case "M2" -> slabs(draft);
            case "M4" -> freeGoods(draft);
            default -> { /* told above */ }
        }
        if (!form.mechanic().equals("M1") && (form.rewardType() != null || form.rewardValue() != null)) draft.fault("rewardType", "is for mechanic M1", "Leave it empty");
        if (!form.mechanic().equals("M2") && (form.basis() != null || !form.slabs().isEmpty())) draft.fault("slabs", "are for mechanic M2", "Leave them empty");
        if (!form.mechanic().equals("M4") && (form.buy() != null || form.get() != null || form.rewardSku() != null || form.freeTax() != null)) draft.fault("buy", "is for mechanic M4", "Leave the free goods empty");
    }

    private static void reward(Draft<SchemeForm> draft, String typeField, String valueField, @Nullable String type, @Nullable BigDecimal value) {
        draft.oneOf(typeField, type, REWARDS);
        if (type == null) return;
        switch (type) {
            case "PERCENT" -> draft.decimal(valueField, value, MICRO, HUNDRED, 4, true);
            case "PER_UNIT" -> draft.decimal(valueField, value, MICRO, MAX, 6, true);
            default -> draft.decimal(valueField, value, CENT, MAX, 2, true);
        }
    }

    private static void slabs(Draft<SchemeForm> draft) {
        var form = draft.form();
        draft.oneOf("basis", form.basis(), List.of("BASE_QTY", "GROSS_VALUE", "NET_VALUE"));
        if (form.slabs().isEmpty()) draft.fault("slabs", "are missing", "At least one, such as 12+=2%");
        for (int at = 0; at < form.slabs().size(); at++) {
            var slab = form.slabs().get(at);
            reward(draft, "slabs", "slabs", slab.rewardType(), slab.value());
            draft.decimal("slabs", slab.from(), BigDecimal.ZERO, MAX, "BASE_QTY".equals(form.basis()) ? 3 : 2, true);
            if (slab.from() == null) continue;
            if (slab.to() != null && slab.to().compareTo(slab.from()) < 0) draft.fault("slabs", "slab " + slab.text() + " ends before it begins", "Correct its end");
            boolean last = at == form.slabs().size() - 1;
            if (last && slab.to() != null) draft.fault("slabs", "the last slab " + slab.text() + " has an end", "Leave the end open: whoever buys more earns it, too");
            if (!last) between(draft, slab, form.slabs().get(at + 1), "BASE_QTY".equals(form.basis()));
        }
    }

    /// No gap and no overlap: quantities follow one by one, values touch.
    private static void between(Draft<SchemeForm> draft, SchemeSlab slab, SchemeSlab next, boolean quantity) {
        if (next.from() == null) return;
        if (next.from().compareTo(slab.from()) <= 0) {
            draft.fault("slabs", next.text() + " does not lie above " + slab.text(), "Write slabs in rising order");
            return;
        }
        if (slab.to() == null) {
            draft.fault("slabs", slab.text() + " has no end and overlaps " + next.text(), "End it before " + Column.ofValue(next.from()));
            return;
        }
        int order = next.from().compareTo(slab.to());
        var step = quantity ? step(slab, next) : CENT;
        if (order < 0 || (order == 0 && quantity)) draft.fault("slabs", slab.text() + " overlaps " + next.text(), "End it at " + Column.ofValue(quantity ? next.from().subtract(step) : next.from()));
        else if (next.from().subtract(slab.to()).compareTo(step) > 0) draft.fault("slabs", "between " + slab.text() + " and " + next.text() + " is a gap", "End it at " + Column.ofValue(quantity ? next.from().subtract(step) : next.from()));
    }

    static BigDecimal step(SchemeSlab slab, SchemeSlab next) {
        boolean pieces = slab.from().stripTrailingZeros().scale() <= 0 && next.from().stripTrailingZeros().scale() <= 0;
        return pieces ? BigDecimal.ONE : new BigDecimal("0.001");
    }

    private static void freeGoods(Draft<SchemeForm> draft) {
        var form = draft.form();
        draft.decimal("buy", form.buy(), new BigDecimal("0.001"), MAX, 3, true);
        draft.decimal("get", form.get(), new BigDecimal("0.001"), MAX, 3, true);
        draft.decimal("capPerInvoice", form.capPerInvoice(), new BigDecimal("0.001"), MAX, 3, false);
        if (form.inside() && form.rewardSku() != null) draft.fault("rewardSku", "cannot be another SKU where the free units are part of the ordered quantity", "Leave it empty, or take \"inside\" off");
        if (form.freeTax() == null) draft.fault("freeTax", "is missing", "ZERO_PRICED or SINGLE_PRICE_ALLOCATED: a scheme is not complete without its tax treatment (EX-11)");
        else draft.oneOf("freeTax", form.freeTax(), List.of("ZERO_PRICED", "SINGLE_PRICE_ALLOCATED"));
        if (form.ifShort() != null) draft.oneOf("ifShort", form.ifShort(), List.of("REFUSE", "VALUE_AT_PTR"));
    }

    /// What is allowed but probably not meant.
    public static List<String> warnings(SchemeForm form) {
        var warnings = new ArrayList<String>();
        var slabs = form.slabs();
        for (int at = 0; at < slabs.size(); at++) {
            var slab = slabs.get(at);
            if (slab.value() == null || slab.from() == null || !slab.rewardType().equals("PERCENT")) continue;
            var below = at == 0 ? BigDecimal.ZERO : slabs.get(at - 1).value();
            if (below == null || slab.value().compareTo(below) <= 0) {
                if (at > 0) warnings.add("Slab " + slab.text() + " gives no more than the slab below it.");
                continue;
            }
            var step = "BASE_QTY".equals(form.basis()) ? BigDecimal.ONE : CENT;
            var before = slab.from().subtract(step).multiply(HUNDRED.subtract(below));
            var after = slab.from().multiply(HUNDRED.subtract(slab.value()));
            if (before.compareTo(after) > 0 && slab.value().compareTo(HUNDRED) < 0) {
                var until = before.divide(HUNDRED.subtract(slab.value()), 0, RoundingMode.CEILING);
                warnings.add("Dead zone: from " + Column.ofValue(slab.from()) + " to " + until.toPlainString() + " an outlet pays less than just below " + Column.ofValue(slab.from()) + ".");
            }
        }
        var percent = slabs.stream().filter(slab -> slab.rewardType().equals("PERCENT") && slab.value() != null).map(SchemeSlab::value).max(BigDecimal::compareTo)
                .orElse("PERCENT".equals(form.rewardType()) && form.rewardValue() != null ? form.rewardValue() : BigDecimal.ZERO);
        if (percent.compareTo(new BigDecimal(30)) > 0) warnings.add("The benefit is " + Column.ofValue(percent) + " %, more than 30 %.");
        if (form.buy() != null && form.get() != null && form.buy().signum() > 0 && form.get().multiply(new BigDecimal(2)).compareTo(form.buy()) > 0) {
            warnings.add(Column.ofValue(form.get()) + " free for " + Column.ofValue(form.buy()) + " is more than half.");
        }
        if (form.exclusionGroup() == null) warnings.add("Without an exclusion group it adds to every other scheme on the same line.");
        return List.copyOf(warnings);
    }
}
