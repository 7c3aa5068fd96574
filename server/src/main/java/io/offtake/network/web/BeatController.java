package io.offtake.network.web;

import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.Versioned;
import io.offtake.network.store.Beats;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/beats")
@Tag(name = "beats")
class BeatController extends MasterController<Beats.BeatForm, BeatController.BeatView> {

    record BeatView(UUID id, int version, long distributorId, String distributor, String code, String name, String salesman, @Nullable Integer weekday, String status) implements Versioned {}

    BeatController(Masters masters, Beats master) {
        super(masters, master, DataClassRowMapper.newInstance(BeatView.class));
    }
}
