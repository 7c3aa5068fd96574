package io.offtake.access.app;

import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.stereotype.Component;

/// Argon2id with 19 MiB, two passes and one lane (OWASP's minimum of 2024). Only as many at a time as there are cores: a
/// flood of sign-ins may wait, it may not take the memory of those who work.
@Component
public class PasswordHashes {
    private final Argon2PasswordEncoder encoder = new Argon2PasswordEncoder(16, 32, 1, 19 * 1024, 2);
    private final Semaphore lanes = new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors()));
    private final String nobody = encoder.encode("nobody");

    public String hash(String password) {
        return inLane(() -> encoder.encode(password));
    }

    /// Takes the same time whether there is a hash or not, so that its duration does not tell which users exist.
    public boolean matches(String password, @Nullable String hash) {
        boolean same = inLane(() -> encoder.matches(password, hash == null ? nobody : hash));
        return same && hash != null;
    }

    /// Whether the hash was made with weaker parameters than today's.
    public boolean isOutdated(String hash) {
        return encoder.upgradeEncoding(hash);
    }

    private <T> T inLane(java.util.function.Supplier<T> work) {
        try {
            if (!lanes.tryAcquire(5, TimeUnit.SECONDS)) throw Problem.of(ProblemCode.BUSY).exception();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw Problem.of(ProblemCode.BUSY).exception();
        }
        try {
            return work.get();
        } finally {
            lanes.release();
        }
    }
}
