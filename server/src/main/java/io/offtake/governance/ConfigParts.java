package io.offtake.governance;

import io.offtake.platform.Pipeline;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Reads configuration versions in a posting's load request, on whatever node it runs (DESIGN section 4).
public final class ConfigParts {
    private ConfigParts() {}

    /// The versions of the parts that were ever raised.
    public static Pipeline.Answer<Map<String, Long>> read(Pipeline load, Set<String> parts) {
        // A list of parameters, not an array: the plan that is kept for every posting is then as good as one made for this one.
        return load.query("select part, version from governance.config_version where part in (" + "?, ".repeat(parts.size() - 1) + "?)",
                rows -> {
                    var versions = new HashMap<String, Long>();
                    while (rows.next()) versions.put(rows.getString(1), rows.getLong(2));
                    return versions;
                }, parts.stream().sorted().toArray());
    }
}
