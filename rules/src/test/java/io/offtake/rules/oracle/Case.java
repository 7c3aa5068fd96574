package io.offtake.rules.oracle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One question to both calculators: a rule book and a command, as the trees of their JSON texts.
record Case(long seed, Map<String, Object> book, Map<String, Object> command) {

    String bookText() {
        return JsonText.write(book);
    }

    String commandText() {
        return JsonText.write(command);
    }

    List<Map<String, Object>> schemes() {
        return JsonText.maps(book.get("schemes"));
    }

    List<Map<String, Object>> lines() {
        return JsonText.maps(command.get("lines"));
    }

    Case withBook(String member, Object value) {
        return new Case(seed, with(book, member, value), command);
    }

    Case withCommand(String member, Object value) {
        return new Case(seed, book, with(command, member, value));
    }

    static Map<String, Object> with(Map<String, Object> map, String member, Object value) {
        var copy = new LinkedHashMap<>(map);
        if (value == null) copy.remove(member);
        else copy.put(member, value);
        return copy;
    }

    static <T> List<T> without(List<T> items, int place) {
        var fewer = new ArrayList<>(items);
        fewer.remove(place);
        return fewer;
    }

    static <T> List<T> replaced(List<T> items, int place, T item) {
        var other = new ArrayList<>(items);
        other.set(place, item);
        return other;
    }
}
