import "fake-indexeddb/auto";
import { configure } from "@testing-library/react";

// a busy machine may take seconds to draw what an idle one draws at once
configure({ asyncUtilTimeout: 15_000 });
