# Loaded by exiftool instead of a configuration file of the user's (src/media/exiftool.ts).
# In -stay_open mode exiftool waits for ever when its standard input ends: after a kill -9 of the library it would stay behind.
# So it looks every two seconds whether the process that started it still lives.
my $parent = getppid();
$SIG{ALRM} = sub {
    exit 0 if getppid() != $parent;
    alarm 2;
};
alarm 2;
# The signal interrupts exiftool's wait for its next task, of which perl warns; whoever runs it takes a warning between two tasks for
# a fault and ends the process, so that every few files paid for another start (0.2 s).
$SIG{__WARN__} = sub { print STDERR $_[0] unless $_[0] =~ /^Use of uninitialized value \$result in numeric eq/ };

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

# Directories in a chain, elements in one another and values without end cost time by the square of their number, or memory without
# bound: 100,000 pages took a minute, 55 KB of nested elements 42 s. Beyond these bounds a file's directories and values are left
# unread, and a packet of XMP altogether, with a warning. Of 344 files of all formats the most were 5 directories, 276 values and 365
# tags. Strokes of Lightroom's brushes may come by the ten thousand; they have a bound of their own, so that the words behind them
# are still read. A file that is too much is not written either: what is not read would be lost.
my %MAX = (directories => 100, tags => 50_000, values => 5_000, 'brush strokes' => 1_000);
my ($MAX_DEPTH, $MAX_XMP_TAGS, $MAX_ATTRIBUTES) = (50, 100_000, 20_000);
# exiftool looks through an element once for each element around it: the depths of all tags together, some 2 us each
my $MAX_DEPTHS = 1_500_000;

my $ENOUGH = "enough values\n";

my $isOver = sub {
    my ($et, $what) = @_;
    my $count = ++$$et{"fototeca $what"};
    $et->Warn("it has more than $MAX{$what} $what; the others were not read") if $count == $MAX{$what} + 1;
    return $count > $MAX{$what};
};

# what is too much in a packet of XMP, in one pass
my $findExcess = sub {
    my ($text) = @_;
    my ($depth, $depths, $tags, $attributes) = (0, 0, 0, 0);
    while ($$text =~ m{<(/?)[^\s>/?!][^>]*?(/?)>}g) {
        $depth += $1 ? -1 : 1;
        $depths += $depth;
        $attributes += substr($$text, $-[0], $+[0] - $-[0]) =~ tr/=//;
        return 'its elements are nested too deep' if $depth > $MAX_DEPTH;
        return 'it has too many elements' if $depths > $MAX_DEPTHS or ++$tags > $MAX_XMP_TAGS or $attributes > $MAX_ATTRIBUTES;
        $depth-- if $2;
    }
    return undef;
};

{
    no warnings 'redefine';
    my $processDirectory = \&Image::ExifTool::ProcessDirectory;
    *Image::ExifTool::ProcessDirectory = sub ($$$;$) {
        my ($et, $directory) = @_;
        return 0 if $directory and ($$directory{DirName} || '') =~ /IFD\d*$/ and $isOver->($et, 'directories');
        return &$processDirectory;
    };
    my $foundTag = \&Image::ExifTool::FoundTag;
    *Image::ExifTool::FoundTag = sub ($$$;@) {
        return undef if $isOver->($_[0], 'tags');
        return &$foundTag;
    };
    require Image::ExifTool::XMP;
    my $parseElement = \&Image::ExifTool::XMP::ParseXMPElement;
    *Image::ExifTool::XMP::ParseXMPElement = sub ($$$;$$$$) {
        my ($et, $text, $start, $end, $path) = @_[0, 2 .. 5];
        return &$parseElement if $path; # within a packet
        my $packet = substr $$text, $start || 0, ($end || length $$text) - ($start || 0);
        my $excess = $findExcess->(\$packet);
        unless ($excess) {
            my $namespaces = $$et{xlatNS};
            my $found = eval { &$parseElement };
            return $found if $@ eq '';
            die $@ if $@ ne $ENOUGH;
            $$et{xlatNS} = $namespaces;
            return 1;
        }
        if ($$et{XMP_CAPTURE} or $$et{FILE_TYPE} eq 'XMP') { $et->Error($excess) }
        else { $et->Warn("XMP was not read: $excess") }
        return 1;
    };
    my $foundXmp = \&Image::ExifTool::XMP::FoundXMP;
    *Image::ExifTool::XMP::FoundXMP = sub ($$$$;$) {
        my ($et, $path) = @_[0, 2];
        my $isStroke = @$path > 4 && grep /^crs:/, @$path;
        return 0 if $isStroke and $isOver->($et, 'brush strokes');
        die $ENOUGH if not $isStroke and $isOver->($et, 'values');
        return &$foundXmp;
    };
}
1;
