import "./engine/engines";

void import("./main");
