namespace CnnCodegen.Generator.Algorithms.Direct;

/// <summary>
/// How a plane is cut into register tiles, each by Blocks vectors of output channels. Tiles are rectangles of Rows x Columns pixels; where
/// <paramref name="Width"/> is given, they are runs of Columns pixels that go on in the next row of so many pixels.
/// </summary>
internal sealed record RegisterTile(Cut Rows, Cut Columns, int Blocks, int Width = 0)
{
    /// <summary>Pixels that may have a pointer each: more would not stay in registers.</summary>
    private const int MaxPointers = 6;

    /// <summary>Runs of pixels go on behind the end of a row.</summary>
    public bool Wraps => Width > 0;

    /// <summary>Rows of tiles; where there is one, the tiles along it.</summary>
    public int Steps => Rows.Count > 1 ? Rows.Count : Columns.Count;

    /// <summary>Tiles of one step.</summary>
    public int TilesPerStep => Rows.Count > 1 ? Columns.Count : 1;

    /// <summary>The distinct tiles, each with the most of its kind that follow each other.</summary>
    public IEnumerable<(PixelTile Tile, int Count)> Shapes => Wraps
        ? Columns.Pieces.SelectMany(piece => Runs(piece.Size).Select(tile => (tile, 1)))
        : from rows in Rows.Pieces from columns in Columns.Pieces select (PixelTile.Rectangle(rows.Size, columns.Size), columns.Count);

    /// <summary>The tiles of the runs of this size: one for each place where they go on in the next row, or one for all places if they are many.</summary>
    public IReadOnlyList<PixelTile> Runs(int size)
    {
        (int first, int count) = size == Columns.Size ? (0, Columns.Large) : (Columns.Large * Columns.Size, Columns.Count - Columns.Large);
        int[] lefts = Enumerable.Range(0, count).Select(i => Math.Min(size, Width - ((first + (i * size)) % Width))).Distinct().OrderBy(left => left).ToArray();
        return lefts.Length > 2 && size <= Math.Min(MaxPointers, Width) ? [PixelTile.Across(size)] : lefts.Select(left => PixelTile.Run(size, Width, left)).ToArray();
    }

    /// <summary>For a kernel's name, for example <c>T1x6x2</c>.</summary>
    public string Tag => $"T{Rows.Size}x{Columns.Size}x{Blocks}{(Wraps ? "Wrap" : "")}";

    public string Describe() =>
        $"{(Rows.Size == 1 ? "" : Rows.Size + "x")}{Columns.Size} {(Rows.Size * Columns.Size == 1 ? "pixel" : "pixels")} x {Blocks} {(Blocks == 1 ? "vector" : "vectors")}"
        + (Wraps ? " across rows" : "");
}

/// <summary>One shape of register tile.</summary>
/// <param name="Name">What its method is called after.</param>
/// <param name="Description">What its method's documentation says.</param>
/// <param name="Pixels">Distances, in pixels, from the first pixel.</param>
/// <param name="Next">The pixels of the tile to its right, or of the run that follows.</param>
internal sealed record PixelTile(string Name, string Description, IReadOnlyList<(int Row, int Column)> Pixels, IReadOnlyList<(int Row, int Column)> Next)
{
    /// <summary>Pixels before the end of the row; 0 where the caller says how many, and each pixel has a pointer of its own.</summary>
    public int Left { get; private init; } = Pixels.Count;

    /// <summary>Where the row ends is known when the kernel runs.</summary>
    public bool IsAcross => Left == 0;

    /// <summary>Columns of a rectangle.</summary>
    public int Columns => Pixels[Pixels.Count - 1].Column + 1;

    public static PixelTile Rectangle(int rows, int columns)
    {
        (int Row, int Column)[] from(int first) => Enumerable.Range(0, rows * columns).Select(i => (i / columns, first + (i % columns))).ToArray();
        return new PixelTile($"{rows}x{columns}", $"{rows} x {columns} pixels", from(0), from(columns));
    }

    /// <summary>Neighbouring pixels of which <paramref name="left"/> are left in a row of <paramref name="width"/>.</summary>
    public static PixelTile Run(int size, int width, int left)
    {
        bool turns = left < size;
        int column = turns ? width - left : 0;
        (int Row, int Column)[] from(int first) => Enumerable.Range(column + first, size)
            .Select(i => turns ? (i / width, (i % width) - column) : (0, i)).ToArray();
        return new PixelTile($"{size}{(turns ? $"After{left}" : "")}", $"{size} pixels{(turns ? $", {left} before the end of a row," : "")}", from(0), from(size)) { Left = left };
    }

    /// <summary>Neighbouring pixels that go on in the next row anywhere.</summary>
    public static PixelTile Across(int size)
    {
        (int Row, int Column)[] from(int first) => Enumerable.Range(first, size).Select(i => (0, i)).ToArray();
        return new PixelTile($"{size}", $"{size} pixels, the first <paramref name=\"left\"/> before the end of a row,", from(0), from(size)) { Left = 0 };
    }
}
