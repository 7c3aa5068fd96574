package io.offtake;

import io.offtake.launch.Launcher;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/// The server and its commands. `./offtake` calls it; `./offtake help` lists the commands.
@SpringBootApplication
public class Offtake {
    public static void main(String[] args) {
        int exit = Launcher.run(args);
        if (exit >= 0) System.exit(exit);
    }
}
