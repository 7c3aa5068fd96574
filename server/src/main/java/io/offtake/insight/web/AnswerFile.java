package io.offtake.insight.web;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.offtake.insight.Answer;
import io.offtake.insight.Question;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.jspecify.annotations.Nullable;

/// An answer as a file: the rows and order of the screen, raw numbers, n/a as an empty cell, text that a spreadsheet would
/// run as a formula quoted. The row "Not allocated" is in it, so that the column adds up to the total.
final class AnswerFile {
    private final Question question;
    private final Answer answer;
    private final String who;
    private final Instant when;
    private final List<Answer.Column> dimensions;
    private final List<Answer.Column> metrics;
    private final boolean compared;

    AnswerFile(Question question, Answer answer, String who, Instant when) {
        this.question = question;
        this.answer = answer;
        this.who = who;
        this.when = when;
        this.dimensions = answer.columns().stream().filter(column -> column.kind().equals("dimension")).toList();
        this.metrics = answer.columns().stream().filter(column -> column.kind().equals("metric")).toList();
        this.compared = answer.comparedWith() != null;
    }

    String name() {
        return "offtake-" + String.join("-", question.metrics()) + "-" + when.truncatedTo(ChronoUnit.SECONDS).toString().replaceAll("[^0-9TZ]", "");
    }

    byte[] csv() {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF});
        try (var csv = CsvWriter.builder().lineDelimiter(LineDelimiter.CRLF).build(out, StandardCharsets.UTF_8)) {
            csv.writeRecord(header());
            for (var row : rows()) csv.writeRecord(texts(row));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    byte[] xlsx() {
        var out = new ByteArrayOutputStream();
        try (var workbook = new Workbook(out, "Offtake", "1.0")) {
            var sheet = workbook.newWorksheet("Answer");
            var header = header();
            for (int column = 0; column < header.size(); column++) sheet.value(0, column, header.get(column));
            sheet.range(0, 0, 0, header.size() - 1).style().bold().set();
            sheet.freezePane(0, 1);
            int at = 1;
            for (var row : rows()) write(sheet, at++, row);
            sheet.setAutoFilter(0, 0, Math.max(at - 1, 0), header.size() - 1);
            if (answer.totals() != null && !dimensions.isEmpty()) {
                sheet.value(at, 0, "Total");
                values(sheet, at, answer.totals());
                sheet.range(at, 0, at, header.size() - 1).style().bold().set();
            }
            about(workbook.newWorksheet("Question"));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    private List<String> header() {
        var header = new ArrayList<String>();
        for (var dimension : dimensions) {
            header.add(dimension.label());
            header.add(dimension.label() + " id");
        }
        for (var metric : metrics) {
            var label = metric.label() + (metric.unit() == null ? "" : " (" + (metric.unit().equals("currency") ? Objects.requireNonNullElse(answer.currency(), "currency") : metric.unit()) + ")");
            header.add(label);
            if (compared) header.add(label + ", compared");
        }
        return header;
    }

    private List<Answer.Row> rows() {
        var rows = new ArrayList<>(answer.rows());
        if (answer.notAllocated() != null) rows.add(answer.notAllocated());
        return rows;
    }

    private List<String> texts(Answer.Row row) {
        var cells = new ArrayList<String>();
        for (var dimension : dimensions) {
            var key = row.keys().get(dimension.id());
            cells.add(key == null ? "" : quoted(key.label()));
            cells.add(key == null ? "" : quoted(key.id()));
        }
        for (var metric : metrics) {
            var cell = Objects.requireNonNull(row.values().get(metric.id()));
            cells.add(Objects.requireNonNullElse(cell.value(), ""));
            if (compared) cells.add(Objects.requireNonNullElse(cell.compare(), ""));
        }
        return cells;
    }

    private void write(Worksheet sheet, int at, Answer.Row row) {
        int column = 0;
        for (var dimension : dimensions) {
            var key = row.keys().get(dimension.id());
            sheet.value(at, column++, key == null ? "" : quoted(key.label()));
            sheet.value(at, column++, key == null ? "" : quoted(key.id()));
        }
        values(sheet, at, row.values());
    }

    private void values(Worksheet sheet, int at, Map<String, Answer.Cell> values) {
        int column = dimensions.size() * 2;
        for (var metric : metrics) {
            var cell = Objects.requireNonNull(values.get(metric.id()));
            number(sheet, at, column++, metric, cell.value());
            if (compared) number(sheet, at, column++, metric, cell.compare());
        }
    }

    private static void number(Worksheet sheet, int at, int column, Answer.Column metric, @Nullable String value) {
        if (value == null) return;
        sheet.value(at, column, new BigDecimal(value));
        if ("currency".equals(metric.unit())) sheet.style(at, column).format("#,##0.00").set();
    }

    /// What was asked, of whose figures, how fresh they are, by whom and when.
    private void about(Worksheet sheet) {
        var lines = new ArrayList<List<String>>();
        for (var metric : metrics) lines.add(List.of("Metric", metric.label(), Objects.requireNonNullElse(metric.definition(), ""), metric.kpi() == null ? metric.id() : metric.id() + ", " + metric.kpi()));
        if (!dimensions.isEmpty()) lines.add(List.of("By", dimensions.stream().map(Answer.Column::label).collect(Collectors.joining(", "))));
        for (var filter : question.filters()) lines.add(List.of("Where", filter.dimension(), String.join(", ", filter.values())));
        lines.add(List.of("Window", answer.window().label(), span(answer.window())));
        if (answer.comparedWith() != null) lines.add(List.of("Compared with", answer.comparedWith().label(), span(answer.comparedWith())));
        lines.add(List.of("Scope", answer.scope()));
        var freshness = answer.freshness();
        lines.add(List.of("As of", Objects.toString(freshness.asOf(), "n/a"), freshness.older().size() + " of " + freshness.distributors() + " distributors older"));
        for (var older : freshness.older()) lines.add(List.of("Older", older.name(), Objects.toString(older.asOf(), "never"), older.reason()));
        for (var metric : metrics) {
            var total = answer.totals() == null ? null : answer.totals().get(metric.id());
            if (total != null && total.partial() != null) lines.add(List.of("Known of", metric.label(), total.partial().known() + " of " + total.partial().of() + " distributors"));
        }
        lines.add(List.of("Made by", who));
        lines.add(List.of("Made at", when.truncatedTo(ChronoUnit.SECONDS).toString()));
        for (int row = 0; row < lines.size(); row++) {
            for (int column = 0; column < lines.get(row).size(); column++) sheet.value(row, column, quoted(lines.get(row).get(column)));
        }
        sheet.range(0, 0, lines.size() - 1, 0).style().bold().set();
    }

    private static String span(Answer.Span span) {
        return span.from() == null ? "" : span.from() + " to " + span.to();
    }

    /// Text that begins as a formula does is run as one by spreadsheets, also after a tab or a line break.
    static String quoted(String text) {
        return !text.isEmpty() && "=+-@\t\r\n".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }
}
