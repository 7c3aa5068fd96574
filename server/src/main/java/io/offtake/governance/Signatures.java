package io.offtake.governance;

/// Signs with the installation's own Ed25519 key, the one that signs its configuration bundles: whoever holds the public half can tell
/// that prices, schemes and taxes come from here (OFF-09).
public interface Signatures {
    /// @param fingerprint the first 32 hex digits of the SHA-256 of the public key
    /// @param publicKey   in X.509, as Base64
    record Signer(String fingerprint, String publicKey) {}

    /// The public half.
    Signer signer();

    /// The signature of the text's UTF-8 bytes, as Base64.
    String sign(String text);
}
