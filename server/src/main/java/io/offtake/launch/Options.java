package io.offtake.launch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The arguments of a command: `--name value`, `--name=value`, `--flag`, and plain words.
record Options(Map<String, String> named, List<String> words) {

    /// @param valued names that take a value
    /// @param flags  names that stand alone
    /// @param others where an option known to neither goes: kept among the words, or refused when false
    static Options parse(List<String> arguments, Set<String> valued, Set<String> flags, boolean others) {
        var named = new LinkedHashMap<String, String>();
        var words = new ArrayList<String>();
        for (int i = 0; i < arguments.size(); i++) {
            var argument = arguments.get(i);
            if (!argument.startsWith("--")) {
                words.add(argument);
                continue;
            }
            int equals = argument.indexOf('=');
            var name = equals < 0 ? argument.substring(2) : argument.substring(2, equals);
            if (flags.contains(name) && equals < 0) {
                named.put(name, "true");
            } else if (valued.contains(name)) {
                if (equals < 0 && i + 1 >= arguments.size()) throw new Refusal("--" + name + " needs a value.");
                named.put(name, equals < 0 ? arguments.get(++i) : argument.substring(equals + 1));
            } else if (others) {
                words.add(argument);
            } else {
                throw new Refusal("Unknown option --" + name + ". `./offtake help` lists what there is.");
            }
        }
        return new Options(named, words);
    }

    boolean has(String name) {
        return named.containsKey(name);
    }

    @Nullable String get(String name) {
        return named.get(name);
    }

    String get(String name, String otherwise) {
        return named.getOrDefault(name, otherwise);
    }
}
