package io.offtake.platform;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import tools.jackson.databind.json.JsonMapper;

/// SHA-256 of a command's content: tells a repeat from another document under the same id (OFF-06).
public final class Fingerprint {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Fingerprint() {}

    public static byte[] of(Object command) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(JSON.writeValueAsBytes(command));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// JSON text of a small record or map, as stored with a document or audit entry.
    public static String json(Object value) {
        return JSON.writeValueAsString(value);
    }
}
