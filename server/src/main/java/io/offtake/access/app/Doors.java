package io.offtake.access.app;

import io.offtake.access.DemoDoors;
import io.offtake.platform.TenantTransaction;
import java.util.List;
import org.springframework.stereotype.Service;

/// Doors of the demo, kept in a table.
@Service
public class Doors implements DemoDoors {
    private final TenantTransaction transactions;

    Doors(TenantTransaction transactions) {
        this.transactions = transactions;
    }

    @Override
    public void replace(List<Door> doors) {
        transactions.shared(jdbc -> {
            jdbc.sql("delete from access.demo_door").update();
            for (int i = 0; i < doors.size(); i++) {
                var door = doors.get(i);
                jdbc.sql("insert into access.demo_door (place, title, sentence, username, password, workspace) values (:place, :title, :sentence, :username, :password, :workspace)")
                        .param("place", i + 1).param("title", door.title()).param("sentence", door.sentence()).param("username", door.username())
                        .param("password", door.password()).param("workspace", door.workspace()).update();
            }
            return true;
        });
    }

    public List<Door> all() {
        return transactions.shared(jdbc -> jdbc.sql("select title, sentence, username, password, workspace from access.demo_door order by place").query(Door.class).list());
    }
}
