# Used by platformio.ini alone: the firmware brings its own start-up code.
Import("env")  # noqa: F821 - PlatformIO provides it

env.Append(LINKFLAGS=["-nostartfiles", "--specs=nano.specs"])  # noqa: F821
