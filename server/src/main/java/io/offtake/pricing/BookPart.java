package io.offtake.pricing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// A part of a rule book's text: rows of one of its lists, or all else (`head`). Parts that distributors share are one object in
/// memory, and a device that holds a part asks for it no more: both tell it by its hash (docs/adr/0022).
///
/// @param section `head`, `skus`, `priceLists`, `schemes` or `taxRates`
/// @param text    a JSON array of rows; an object for `head`
/// @param hash    SHA-256 of the text, in hex
public record BookPart(String section, String text, String hash) {
    /// How many characters of a hash devices name a part by.
    public static final int SHORT = 16;

    public static BookPart of(String section, String text) {
        return new BookPart(section, text, sha256(text));
    }

    /// The name of the part to devices.
    public String name() {
        return hash.substring(0, SHORT);
    }

    /// The hash of a whole book: SHA-256 over `section hash` of each part, one to a line, in order.
    public static String hash(List<BookPart> parts) {
        var text = new StringBuilder(parts.size() * 80);
        for (var part : parts) text.append(part.section).append(' ').append(part.hash).append('\n');
        return sha256(text.toString());
    }

    /// The book as one text, as the rules read it.
    public static String json(List<BookPart> parts) {
        var text = new StringBuilder(parts.stream().mapToInt(part -> part.text.length() + 1).sum() + 64);
        for (var part : parts) if (part.section.equals("head")) text.append(part.text, 0, part.text.length() - 1);
        for (var section : List.of("skus", "priceLists", "schemes", "taxRates")) {
            text.append(",\"").append(section).append("\":[");
            boolean first = true;
            for (var part : parts) {
                if (!part.section.equals(section) || part.text.length() == 2) continue;
                if (!first) text.append(',');
                text.append(part.text, 1, part.text.length() - 1);
                first = false;
            }
            text.append(']');
        }
        return text.append('}').toString();
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
