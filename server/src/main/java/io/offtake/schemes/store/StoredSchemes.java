package io.offtake.schemes.store;

import io.offtake.schemes.Schemes;
import java.time.LocalDate;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class StoredSchemes implements Schemes {

    /// The definition is kept as it was written; an earlier end (domain/02 section 2.11) is the row's.
    @Override
    public List<String> definitions(JdbcClient db, LocalDate from, LocalDate to) {
        return db.sql("""
                        select definition || jsonb_build_object('validTo', valid_to - date '1970-01-01') from schemes.scheme_version
                         where status in ('ACTIVE', 'ENDED') and valid_from <= :to and valid_to >= :from
                         order by scheme_id, version_no""")
                .param("from", from).param("to", to).query(String.class).list();
    }
}
