package io.offtake.platform.web;

import io.offtake.platform.JsonLines;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Validator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

@Component
class ReadJsonLines implements JsonLines {
    private final JsonMapper json;
    private final Validator validator;

    ReadJsonLines(JsonMapper json, Validator validator) {
        this.json = json;
        this.validator = validator;
    }

    @Override
    public <T> List<Line<T>> read(byte[] body, int most, Class<T> type) {
        var reader = json.readerFor(type);
        var lines = new ArrayList<Line<T>>();
        int number = 0;
        for (int from = 0; from < body.length; ) {
            int end = from;
            while (end < body.length && body[end] != '\n') end++;
            number++;
            if (!isBlank(body, from, end)) {
                if (lines.size() == most)
                    throw Problem.of(ProblemCode.INVALID, "There are more than " + most + " lines.").with("accepted", most).at("", ProblemCode.INVALID, "has too many lines", most).exception();
                lines.add(read(reader, body, from, end, number));
            }
            from = end + 1;
        }
        if (lines.isEmpty()) throw Problem.of(ProblemCode.INVALID, "There is no line.").at("", ProblemCode.INVALID, "must be one JSON object a line").exception();
        return lines;
    }

    private <T> Line<T> read(tools.jackson.databind.ObjectReader reader, byte[] body, int from, int end, int number) {
        try {
            T value = reader.readValue(body, from, end - from);
            if (value == null) return new Line<>(number, null, Problem.of(ProblemCode.MALFORMED, "The line is null.").at("", ProblemCode.MALFORMED, "must be an object"));
            var violations = validator.validate(value);
            if (violations.isEmpty()) return new Line<>(number, value, null);
            return new Line<>(number, null, ProblemHandler.problemOf(new ConstraintViolationException(violations)));
        } catch (JacksonException unreadable) {
            return new Line<>(number, null, ProblemHandler.problemOf(unreadable));
        }
    }

    private static boolean isBlank(byte[] body, int from, int end) {
        for (int at = from; at < end; at++) if (body[at] > ' ' || body[at] < 0) return false;
        return true;
    }

    @Override
    public byte[] write(List<?> lines) {
        var out = new ByteArrayOutputStream(lines.size() * 256);
        try (var writer = json.writer().withRootValueSeparator("\n").writeValues(out)) {
            for (var line : lines) writer.write(line);
        }
        out.write('\n');
        return out.toByteArray();
    }
}
