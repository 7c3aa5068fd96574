package io.offtake.pricing.web;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.pricing.RuleBookSource;
import io.offtake.rules.RuleBook;
import io.offtake.rules.RuleBookJson;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// The compiled rule book of a distributor, for whoever tries out a scheme on a basket; devices get it with their snapshot.
@RestController
@RequestMapping("/api/v1/rule-books")
@Tag(name = "rule-books")
class RuleBookController {
    private final RuleBookSource books;

    RuleBookController(RuleBookSource books) {
        this.books = books;
    }

    /// @param book as the rules' `open` takes it (spec/README.md)
    record OpenBook(String hash, @Schema(type = "object", description = "The rule book of spec/README.md", additionalProperties = Schema.AdditionalPropertiesValue.TRUE) Object book) {}

    @GetMapping(path = "/{distributorId}", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(summary = "Read the rule book in force", description = "Prices, schemes, taxes and policies of today's window; of the caller's principals only, where it is confined to some. ETag is the book's hash.")
    @ApiResponse(responseCode = "200", description = "The book", content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(implementation = OpenBook.class)))
    @ApiResponse(responseCode = "304", description = "Unchanged", content = @Content)
    ResponseEntity<String> read(Caller caller, @PathVariable long distributorId, @RequestHeader(name = "If-None-Match", required = false) @Nullable String known) {
        caller.require(Permission.SCHEME_READ, distributorId);
        caller.require(Permission.PRICE_READ);
        var snapshot = books.current(distributorId);
        var principals = caller.scope().principals();
        var etag = "\"" + snapshot.hash() + (principals == null ? "" : "-" + principals.hashCode()) + "\"";
        if (etag.equals(known)) return ResponseEntity.status(304).eTag(etag).build();
        var json = principals == null ? snapshot.json() : RuleBookJson.write(confined(snapshot.book(), principals));
        return ResponseEntity.ok().eTag(etag).contentType(MediaType.APPLICATION_JSON).body("{\"hash\":\"" + snapshot.hash() + "\",\"book\":" + json + "}");
    }

    /// The part of a book that concerns some principals. A price list belongs to the principal whose SKUs it prices; one that
    /// names none is left out where others sell here too.
    private static RuleBook confined(RuleBook book, Set<Long> principals) {
        var mine = book.principals().stream().filter(principal -> principals.contains(Long.valueOf(principal.id()))).toList();
        var skus = book.skus().stream().filter(sku -> principals.contains(Long.valueOf(sku.principalId()))).toList();
        var ids = new java.util.HashSet<String>();
        skus.forEach(sku -> ids.add(sku.id()));
        var lists = book.priceLists().stream().filter(list -> list.lines().isEmpty() ? mine.size() == book.principals().size() : list.lines().stream().anyMatch(line -> ids.contains(line.skuId())))
                .toList();
        var schemes = book.schemes().stream().filter(scheme -> principals.contains(Long.valueOf(scheme.principalId()))).toList();
        return new RuleBook(book.seller(), book.currency(), book.rounding(), book.validFrom(), book.validTo(), mine, skus, lists, schemes, book.taxRates(), book.policy(), book.taxSystem());
    }
}
