package io.offtake.tax.portal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;

/// Compact JSON Web Signatures with RS256 (RFC 7515), as the portal signs invoices and QR codes.
public final class Jws {
    private static final Base64.Encoder CODE = Base64.getUrlEncoder().withoutPadding();

    private Jws() {}

    /// Signs a JSON text.
    public static String sign(String json, PrivateKey key, String keyId) {
        var head = CODE.encodeToString(("{\"alg\":\"RS256\",\"kid\":\"" + keyId + "\",\"typ\":\"JWT\"}").getBytes(StandardCharsets.UTF_8));
        var body = head + "." + CODE.encodeToString(json.getBytes(StandardCharsets.UTF_8));
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(body.getBytes(StandardCharsets.US_ASCII));
            return body + "." + CODE.encodeToString(signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// What was signed, whoever signed it.
    /// @throws IllegalArgumentException if the text is no JWS
    public static String payload(String jws) {
        var parts = jws.split("\\.", -1);
        if (parts.length != 3) throw new IllegalArgumentException("this is no signed text");
        return new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    }

    public static boolean isSignedBy(String jws, PublicKey key) {
        int last = jws.lastIndexOf('.');
        if (last < 0) return false;
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key);
            signature.update(jws.substring(0, last).getBytes(StandardCharsets.US_ASCII));
            return signature.verify(Base64.getUrlDecoder().decode(jws.substring(last + 1)));
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            return false;
        }
    }
}
