package io.offtake.tax.ubl;

import org.jspecify.annotations.Nullable;

/// What a document says it complies with.
public enum UblProfile {
    /// The European norm alone.
    EN16931("urn:cen.eu:en16931:2017", null),
    /// Peppol BIS Billing 3, the network's narrower rules on top.
    PEPPOL("urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0", "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0");

    private final String customization;
    private final @Nullable String process;

    UblProfile(String customization, @Nullable String process) {
        this.customization = customization;
        this.process = process;
    }

    /// BT-24.
    public String customization() {
        return customization;
    }

    /// BT-23; null for none.
    public @Nullable String process() {
        return process;
    }
}
