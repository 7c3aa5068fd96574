package io.offtake.tax.app;

import io.offtake.platform.TenantTransaction;
import io.offtake.tax.portal.PortalSettings;
import io.offtake.tax.portal.PortalSimulator;
import io.offtake.tax.portal.TaxPortal;
import io.offtake.tax.store.LawStore;
import jakarta.annotation.PreDestroy;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/// The portal of this installation, opened when it is first needed.
@Component
public class Portals {
    private final TenantTransaction transactions;
    private final Clock clock;
    private final String address;
    private final String headers;
    private final String publicKey;
    private final Duration patience;
    private @Nullable PortalSettings settings;

    /// @param address   the access provider's, `simulator` for the one in the box, empty for none
    /// @param headers   its credentials as `Name: value; Name: value`
    /// @param publicKey PEM file of the portal's key
    Portals(TenantTransaction transactions, Clock clock, @Value("${offtake.tax.portal.address:}") String address, @Value("${offtake.tax.portal.headers:}") String headers,
            @Value("${offtake.tax.portal.public-key:}") String publicKey, @Value("${offtake.tax.portal.patience:20s}") Duration patience) {
        this.transactions = transactions;
        this.clock = clock;
        this.address = address;
        this.headers = headers;
        this.publicKey = publicKey;
        this.patience = patience;
    }

    public boolean isSetUp() {
        return !address.isBlank();
    }

    public Optional<TaxPortal> portal() {
        return Optional.ofNullable(settings().portal());
    }

    public @Nullable PublicKey key() {
        return settings().key();
    }

    public Optional<PortalSimulator> simulator() {
        return Optional.ofNullable(settings().simulator());
    }

    private synchronized PortalSettings settings() {
        if (settings == null) settings = PortalSettings.of(address, headers, publicKey, patience, clock, transactions.shared(LawStore::law));
        return settings;
    }

    @PreDestroy
    synchronized void close() {
        if (settings != null && settings.simulator() != null) settings.simulator().close();
    }
}
