package io.offtake.tax.portal;

import io.offtake.tax.india.Law;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/// Which portal is used: the one at an address, or the simulator in the box.
public record PortalSettings(@Nullable TaxPortal portal, @Nullable PublicKey key, @Nullable PortalSimulator simulator) {

    /// @param address   of the access provider; empty for none, `simulator` for the simulator in the box
    /// @param headers   `Name: value` separated by `;`
    /// @param publicKey file with the portal's public key (PEM), to check what it signs; empty: unchecked
    public static PortalSettings of(String address, String headers, String publicKey, Duration patience, Clock clock, Law law) {
        if (address.isBlank()) return new PortalSettings(null, null, null);
        if (address.equals("simulator")) {
            var simulator = new PortalSimulator(0, clock, law, patience.plusSeconds(1));
            return new PortalSettings(new HttpPortal(simulator.address(), patience, java.util.Map.of()), simulator.key(), simulator);
        }
        var given = new HashMap<String, String>();
        for (var header : headers.split(";")) {
            int colon = header.indexOf(':');
            if (colon > 0) given.put(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
        }
        return new PortalSettings(new HttpPortal(URI.create(address), patience, given), publicKey.isBlank() ? null : read(Path.of(publicKey)), null);
    }

    private static PublicKey read(Path file) {
        try {
            var text = Files.readString(file).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
            return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(text)));
        } catch (IOException | GeneralSecurityException failure) {
            throw new IllegalStateException("the portal's public key cannot be read from " + file, failure);
        }
    }
}
