package io.offtake.network.web;

import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.Versioned;
import io.offtake.network.store.Principals;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/principals")
@Tag(name = "principals")
class PrincipalController extends MasterController<Principals.PrincipalForm, PrincipalController.PrincipalView> {

    record PrincipalView(long id, int version, String code, String name, String legalName, @Nullable String gstin, String stateCode, String address, String status) implements Versioned {}

    PrincipalController(Masters masters, Principals master) {
        super(masters, master, DataClassRowMapper.newInstance(PrincipalView.class));
    }
}
