package io.offtake.schemes.store;

import io.offtake.schemes.Schemes;
import java.time.LocalDate;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Component
class StoredSchemes implements Schemes {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Override
    public List<String> definitions(JdbcClient db, LocalDate from, LocalDate to) {
        return db.sql("""
                        select definition, valid_to from schemes.scheme_version
                         where status in ('ACTIVE', 'ENDED') and valid_from <= :to and valid_to >= :from
                         order by scheme_id, version_no""")
                .param("from", from).param("to", to)
                .query((row, _) -> endingOn(row.getString("definition"), row.getObject("valid_to", LocalDate.class)))
                .list();
    }

    /// The definition is kept as it was written; an earlier end (domain/02 section 2.11) is the row's.
    private static String endingOn(String definition, LocalDate end) {
        var node = (ObjectNode) JSON.readTree(definition);
        if (node.path("validTo").asInt() == (int) end.toEpochDay()) return definition;
        node.put("validTo", (int) end.toEpochDay());
        return node.toString();
    }
}
