# Loaded by exiftool instead of a configuration file of the user's (src/media/exiftool.ts).
# In -stay_open mode exiftool waits for ever when its standard input ends: after a kill -9 of the library it would stay behind.
# So it looks every two seconds whether the process that started it still lives.
my $parent = getppid();
$SIG{ALRM} = sub {
    exit 0 if getppid() != $parent;
    alarm 2;
};
alarm 2;
1;
