package io.offtake.platform;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// Where a page ended: the sort order it belongs to and the key of its last row, as opaque text. A checksum refuses
/// texts that were cut or edited; it is no secret, since a key gives no access to rows outside the caller's scope.
///
/// @param order the sort order the key belongs to
/// @param key   the last row's sort values as text
public record Cursor(String order, List<String> key) {
    private static final int SUM = 6;

    public Cursor {
        key = List.copyOf(key);
    }

    public String encode() {
        var text = new StringBuilder(order);
        for (var value : key) text.append('\u0001').append(value);
        var body = text.toString().getBytes(StandardCharsets.UTF_8);
        var all = Arrays.copyOf(checksum(body), SUM + body.length);
        System.arraycopy(body, 0, all, SUM, body.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    }

    /// @throws ProblemException CURSOR_INVALID if the text was not made by [#encode()] for the same order
    public static Cursor decode(String text, String order, int keys) {
        try {
            var all = Base64.getUrlDecoder().decode(text);
            if (all.length <= SUM) throw invalid();
            var body = Arrays.copyOfRange(all, SUM, all.length);
            if (!Arrays.equals(checksum(body), 0, SUM, all, 0, SUM)) throw invalid();
            var parts = new ArrayList<>(List.of(new String(body, StandardCharsets.UTF_8).split("\u0001", -1)));
            if (!parts.removeFirst().equals(order) || parts.size() != keys) throw invalid();
            return new Cursor(order, parts);
        } catch (IllegalArgumentException _) {
            throw invalid();
        }
    }

    static ProblemException invalid() {
        return Problem.of(ProblemCode.CURSOR_INVALID).at("?cursor", ProblemCode.CURSOR_INVALID, "is not a cursor of this list").exception();
    }

    private static byte[] checksum(byte[] body) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update("offtake cursor 1".getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(digest.digest(body), SUM);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
