package io.offtake;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/// The server. `./offtake` calls it; its commands are listed by `./offtake help`.
@SpringBootApplication
public class Offtake {
    public static void main(String[] args) {
        SpringApplication.run(Offtake.class, args);
    }
}
