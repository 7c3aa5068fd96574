package io.offtake.platform.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/// Passwords of the home folder: made once at random, one file each, readable by the owner only.
public record Secrets(Path folder) {

    public static Secrets of(Path home) {
        return new Secrets(home.resolve("secrets"));
    }

    /// The secret of this name, made if it does not exist yet.
    public String get(String name) {
        try {
            return Files.readString(file(name)).strip();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// The file that holds the secret of this name, made if it does not exist yet.
    public Path file(String name) throws IOException {
        var file = folder.resolve(name);
        if (Files.exists(file)) return file;
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        Files.createDirectories(folder);
        if (posix) Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        var bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        var temporary = folder.resolve(name + ".tmp");
        Files.writeString(temporary, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes) + "\n");
        if (posix) Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-------"));
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        return file;
    }
}
