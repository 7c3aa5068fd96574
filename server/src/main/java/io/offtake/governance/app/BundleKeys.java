package io.offtake.governance.app;

import io.offtake.governance.Signatures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/// The installation's own Ed25519 key for bundles: made when it is first needed, kept in `secrets/bundle-key` of the home
/// folder and readable by its owner only. Several nodes of one installation share the file.
@Component
class BundleKeys implements Signatures {
    private static final String ALGORITHM = "Ed25519";

    private final Path file;

    BundleKeys(@Value("${offtake.home:./.offtake}") Path home) {
        this.file = home.resolve("secrets").resolve("bundle-key");
    }

    /// A public key and its fingerprint: the first 32 hex digits of the SHA-256 of its X.509 form.
    record Public(PublicKey key, String base64, String fingerprint) {}

    private record Own(PrivateKey secret, Public known) {}

    private volatile @org.jspecify.annotations.Nullable Own own;

    Public known() {
        return own().known;
    }

    @Override
    public Signer signer() {
        return new Signer(known().fingerprint, known().base64);
    }

    @Override
    public String sign(String text) {
        try {
            var signature = Signature.getInstance(ALGORITHM);
            signature.initSign(own().secret);
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static boolean holds(Public key, String text, String signed) {
        try {
            var signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(key.key);
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return signature.verify(Base64.getDecoder().decode(signed));
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            return false;
        }
    }

    /// @throws IllegalArgumentException if it is no Ed25519 key in X.509 and Base64
    static Public read(String base64) {
        try {
            var key = KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64.strip())));
            var encoded = key.getEncoded();
            return new Public(key, Base64.getEncoder().encodeToString(encoded), HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(encoded)).substring(0, 32));
        } catch (GeneralSecurityException wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }

    private Own own() {
        var known = own;
        if (known != null) return known;
        synchronized (this) {
            if (own == null) own = load();
            return own;
        }
    }

    /// The file holds the private and the public key, one on a line.
    private Own load() {
        try {
            if (!Files.exists(file)) make();
            var lines = Files.readAllLines(file);
            var secret = KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(lines.getFirst())));
            return new Own(secret, read(lines.get(1)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (GeneralSecurityException damaged) {
            throw new IllegalStateException(file + " holds no Ed25519 key", damaged);
        }
    }

    private void make() throws IOException, GeneralSecurityException {
        var pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        var folder = file.getParent();
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        boolean fresh = !Files.exists(folder);
        Files.createDirectories(folder);
        if (posix && fresh) Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        try {
            if (posix) Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            else Files.createFile(file);
            var encoder = Base64.getEncoder();
            Files.writeString(file, encoder.encodeToString(pair.getPrivate().getEncoded()) + "\n" + encoder.encodeToString(pair.getPublic().getEncoded()) + "\n");
        } catch (FileAlreadyExistsException _) {
            // another node of this home was faster: its key counts
        }
    }
}
