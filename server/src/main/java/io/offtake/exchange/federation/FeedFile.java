package io.offtake.exchange.federation;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A file of records beside its manifest (domain 11.1, INT-07): CSV (UTF-8) or JSON Lines, plain or gzip. The manifest is the
/// envelope with two members more, `file` and `sha256` of the file as it was sent.
///
/// In CSV a heading with a dot is a member of an object (`tax.cgst`), and `schemes` reads as `CODE=12.50;OTHER=3`.
final class FeedFile {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int BYTES_MAX = 200_000_000;
    static final int RECORDS_MAX = 200_000;

    private FeedFile() {}

    /// @throws ProblemException FEED_INVALID with the clause FC-FILE.sha256, FC-FILE.gzip, FC-FILE.encoding, FC-FILE.format or FC-FILE.size
    static List<JsonNode> read(JsonNode manifest, byte[] content) {
        var announced = Fields.text(manifest.path("sha256")).toLowerCase(Locale.ROOT);
        var found = sha256(content);
        if (!announced.equals(found)) throw refused("FC-FILE.sha256", announced.isEmpty() ? "The manifest has no sha256 of the file." : "The file is not the one the manifest speaks of.", found);
        var plain = content.length > 2 && content[0] == 0x1f && content[1] == (byte) 0x8b ? gunzip(content) : content;
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(plain)).toString();
        } catch (CharacterCodingException _) {
            throw refused("FC-FILE.encoding", "The file is not UTF-8.", "UTF-8");
        }
        if (text.startsWith("\uFEFF")) text = text.substring(1);
        var records = text.stripLeading().startsWith("{") ? lines(text) : csv(text);
        if (records.size() > RECORDS_MAX) throw refused("FC-FILE.size", "The file holds " + records.size() + " records.", "at most " + RECORDS_MAX + " in one batch");
        return records;
    }

    private static List<JsonNode> lines(String text) {
        var records = new ArrayList<JsonNode>();
        int number = 0;
        for (var line : text.split("\r?\n")) {
            number++;
            if (line.isBlank()) continue;
            try {
                records.add(JSON.readTree(line));
            } catch (JacksonException broken) {
                throw refused("FC-FILE.format", "Line " + number + " is no JSON: " + broken.getOriginalMessage(), "one JSON object per line");
            }
        }
        return records;
    }

    private static List<JsonNode> csv(String text) {
        var records = new ArrayList<JsonNode>();
        if (text.isBlank()) return records;
        try (var reader = CsvReader.builder().ofNamedCsvRecord(text)) {
            for (var row : reader) {
                var record = JSON.createObjectNode();
                row.getFieldsAsMap().forEach((heading, cell) -> set(record, heading.strip(), cell.strip()));
                records.add(record);
            }
        } catch (CsvParseException | IllegalArgumentException broken) {
            throw refused("FC-FILE.format", "The CSV cannot be read: " + broken.getMessage(), "headings in the first row, commas between the cells, quotes around cells with commas");
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return records;
    }

    private static void set(ObjectNode record, String heading, String cell) {
        if (heading.equals("schemes")) {
            var list = record.putArray("schemes");
            for (var item : cell.split(";")) {
                if (item.isBlank()) continue;
                int at = item.indexOf('=');
                list.addObject().put("scheme_id", at < 0 ? "" : item.substring(0, at).strip()).put("benefit", at < 0 ? item.strip() : item.substring(at + 1).strip());
            }
            return;
        }
        if (cell.isEmpty()) return;
        int dot = heading.indexOf('.');
        if (dot < 0) record.put(heading, cell);
        else record.withObject("/" + heading.substring(0, dot)).put(heading.substring(dot + 1), cell);
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] gunzip(byte[] content) {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(content)); var out = new ByteArrayOutputStream()) {
            var buffer = new byte[65_536];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
                if (out.size() > BYTES_MAX) throw refused("FC-FILE.size", "The file is larger than " + BYTES_MAX + " bytes when unpacked.", "parts, each a batch of its own");
            }
            return out.toByteArray();
        } catch (IOException broken) {
            throw refused("FC-FILE.gzip", "The file begins like gzip, but cannot be unpacked: " + broken.getMessage(), "gzip, or the plain file");
        }
    }

    static ProblemException refused(String clause, String text, String accepted) {
        return Problem.of(ProblemCode.FEED_INVALID, text).rule(clause).at(new Problem.Fault("/" + clause.substring(clause.indexOf('.') + 1), clause, text, accepted)).exception();
    }
}
