# Loaded by exiftool instead of a configuration file of the user's (src/media/exiftool.ts).
# In -stay_open mode exiftool waits for ever when its standard input ends: after a kill -9 of the library it would stay behind.
# So it looks every two seconds whether the process that started it still lives.
my $parent = getppid();
$SIG{ALRM} = sub {
    exit 0 if getppid() != $parent;
    alarm 2;
};
alarm 2;

# A compressed text or profile of kilobytes may unpack to gigabytes, and exiftool would hold them all: what unpacks to more than
# 16 MB is left unread, with a warning.
if (eval { require Compress::Zlib }) {
    no warnings 'redefine';
    *Compress::Zlib::inflateInit = sub {
        my ($stream) = Compress::Raw::Zlib::_inflateInit(
            Compress::Raw::Zlib::FLAG_CONSUME_INPUT() | Compress::Raw::Zlib::FLAG_LIMIT_OUTPUT(),
            Compress::Raw::Zlib::MAX_WBITS(), 16 * 1024 * 1024, '');
        return bless $stream, 'Zlib::OldInflate';
    };
}
1;
