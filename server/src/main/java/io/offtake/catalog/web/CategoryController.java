package io.offtake.catalog.web;

import io.offtake.catalog.store.Categories;
import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.Versioned;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/categories")
@Tag(name = "categories")
class CategoryController extends MasterController<Categories.CategoryForm, CategoryController.CategoryView> {

    record CategoryView(long id, int version, String code, String name, @Nullable Long parentId, @Nullable String parent) implements Versioned {}

    CategoryController(Masters masters, Categories master) {
        super(masters, master, DataClassRowMapper.newInstance(CategoryView.class));
    }
}
