package io.offtake.platform;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Pictures and papers under documents, kept per distributor by the SHA-256 of their content: the same picture is there once, and none
/// can be exchanged for another. A document names its evidence by hash and is complete without it: pictures follow in a lane of their
/// own (OFF-05), so a hash that is not there yet is no error.
public interface Evidence {
    /// Bytes of one item.
    int MAX_SIZE = 10 * 1024 * 1024;
    /// What is kept, told by the content and not by its name: nothing that a browser would run.
    List<String> MEDIA_TYPES = List.of("image/jpeg", "image/png", "image/webp", "application/pdf");

    /// @param hash     64 lower-case hex digits
    /// @param size     bytes in all
    /// @param received bytes that have arrived; the next piece starts here
    record Item(String hash, String mediaType, long size, long received, boolean complete, String storedBy, Instant storedAt) {}

    record Content(Item item, byte[] bytes) {}

    /// Keeps a whole item; a repeat changes nothing.
    /// @throws ProblemException MEDIA_TYPE or TOO_LARGE
    Item store(long distributorId, byte[] content, String by);

    /// Keeps the next piece of an item.
    /// @param offset where the piece begins; a piece that lies within what has arrived is a repeat
    /// @throws ProblemException EVIDENCE_OFFSET if it is not the next one, EVIDENCE_DIFFERS if the whole has another hash: then all of it is dropped
    Item storePiece(long distributorId, String hash, long size, long offset, byte[] piece, String by);

    /// What has arrived of an item, be it complete or not.
    Optional<Item> find(RowScope scope, String hash);

    /// Those of the hashes that are not complete yet.
    Set<String> missing(RowScope scope, Collection<String> hashes);

    /// A complete item with its bytes.
    Optional<Content> read(RowScope scope, String hash);
}
