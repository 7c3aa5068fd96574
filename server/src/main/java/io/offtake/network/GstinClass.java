package io.offtake.network;

import io.offtake.rules.Gstin;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Classes of GST numbers (IN-01). A party is taken with the classes that make sense for it: an outlet is a normal taxpayer or
/// holds a UIN, never a tax collector.
public enum GstinClass {
    /// Regular, composition and casual taxpayers, SEZ units, input service distributors: Z at place 14.
    NORMAL("[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]"),
    /// Deducts tax at source (s.51): D at place 14; its letters come from a PAN or a TAN.
    TAX_DEDUCTOR("[0-9]{2}[A-Z]{4}[A-Z0-9][0-9]{4}[A-Z][1-9A-Z]D[0-9A-Z]"),
    /// E-commerce operator that collects tax at source (s.52): C at place 14.
    TAX_COLLECTOR("[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]C[0-9A-Z]"),
    /// Embassies and UN bodies: State, year, country and a running number, UN at places 12 and 13.
    UIN("[0-9]{4}[A-Z]{3}[0-9]{5}UN[0-9A-Z]"),
    /// Non-resident taxable person.
    NON_RESIDENT("[0-9]{4}[A-Z]{3}[0-9]{5}NR[0-9A-Z]"),
    /// Online services from abroad (OIDAR): State code 99.
    ONLINE_SERVICES("99[0-9]{2}[A-Z]{3}[0-9]{5}OS[0-9A-Z]");

    /// What a trade customer may hold.
    public static final Set<GstinClass> CUSTOMERS = Set.of(NORMAL, UIN);
    private final Pattern form;

    GstinClass(String form) {
        this.form = Pattern.compile(form);
    }

    /// The class whose form the text has, whatever its check character.
    public static Optional<GstinClass> of(String text) {
        return Arrays.stream(values()).filter(one -> one.form.matcher(text).matches()).findFirst();
    }

    /// What is wrong with a number: nothing, or the first of these.
    public enum Verdict { VALID, FORM, CLASS_NOT_ALLOWED, STATE_UNKNOWN, CHECK_CHARACTER }

    /// @param allowed classes that may be used here
    public static Verdict check(String text, Set<GstinClass> allowed) {
        var found = of(text);
        if (found.isEmpty()) return Verdict.FORM;
        if (!allowed.contains(found.get())) return Verdict.CLASS_NOT_ALLOWED;
        var state = Gstin.stateCode(text);
        boolean foreign = found.get() == ONLINE_SERVICES;
        if (!foreign && (!States.isState(state) || state.equals("96"))) return Verdict.STATE_UNKNOWN;
        return Gstin.checkCharacter(text.substring(0, 14)) == text.charAt(14) ? Verdict.VALID : Verdict.CHECK_CHARACTER;
    }
}
