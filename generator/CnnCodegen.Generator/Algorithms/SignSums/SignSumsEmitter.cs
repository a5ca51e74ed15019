using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.SignSums;

/// <summary>Writes a <see cref="SignSumsPlan"/>: for each block of pixels and each pass the sums of groups of signs, and what every filter selects of them.</summary>
internal sealed class SignSumsEmitter(SignSumsPlan plan, SourceWriter writer)
{
    private readonly Width _width = Width.Widest(plan.Isa, plan.Columns);
    private readonly SignTile _tile = plan.Register;

    private bool ManyPasses => _tile.Passes.Count > 1;

    public void Emit()
    {
        EmitRun();
        foreach ((int vectors, _) in _tile.Vectors.Pieces)
        {
            EmitBlock(vectors);
            EmitSums(vectors);
            foreach ((int groups, _) in _tile.Passes.Pieces) EmitAdd(vectors, groups);
            if (plan.Bits) EmitWords(vectors);
        }

        string tap = plan.KernelColumns == 1 ? $"sign * {plan.Input.Block}L" : $"(sign / {plan.KernelColumns} * {plan.Input.Block}L) + (sign % {plan.KernelColumns} * {plan.TapColumn})";
        writer.Blank().Line("/// <summary>Where the pixels lie that a weight of a row of the window belongs to.</summary>");
        writer.Line($"private static long Tap(int sign) => {tap};");
    }

    private void EmitRun()
    {
        Cut blocks = _tile.Vectors;
        string unit = "a few vectors of neighbouring pixels" + (plan.Groups > 1 ? " of a group of channels" : "") + (plan.Bands.Count > 1 ? " in a band of rows" : "") + (plan.Images > 1 ? " of one image" : "");
        NestWriter.Run(writer, unit, () =>
        {
            NestWriter.Digits(writer, ("image", plan.Images), ("group", plan.Groups), ("band", plan.Bands.Count), ("block", blocks.Count));
            string group(long step) => NestWriter.Term("group", plan.Groups, step);
            string plane(PlaneStrides strides, int blocks) => NestWriter.Term("image", plan.Images, strides.Image) + group((long)blocks * strides.Block);
            int outBlocks = plan.Bits ? plan.PaddedChannels / SignSumsPlan.WordChannels : plan.OutChannels;
            string rows = plan.Bands.Count > 1 ? $"{plan.Bands.Start("band")}, {plan.Bands.Start("(band + 1)")}" : $"0, {plan.Rows}";
            writer.Line($"int pixel = {(blocks.Count > 1 ? $"({blocks.Start("block")}) * {plan.Lanes}" : "0")};");
            (int Size, int Count)[] pieces = [.. blocks.Pieces];
            for (int i = 0; i < pieces.Length; i++)
            {
                if (pieces.Length > 1) writer.Line(i == 0 ? $"if (block < {pieces[0].Count})" : "else");
                using (pieces.Length > 1 ? writer.Indent() : (IDisposable?)null)
                {
                    // The last vector of a row ends where the row does.
                    string last = plan.Columns % plan.Lanes == 0 ? $"{(pieces[i].Size - 1) * plan.Lanes}" : $"Math.Min({(pieces[i].Size - 1) * plan.Lanes}, {plan.Columns - plan.Lanes} - pixel)";
                    string residual = plan.Residual is { } r ? $"operands.Second{PlaneUnits.Plus(r.Origin)}{plane(r, plan.OutChannels)} + (pixel * {r.Column}), " : "";
                    writer.Line($"Block{pieces[i].Size}(operands.Input{PlaneUnits.Plus(plan.Input.Origin)}{plane(plan.Input, plan.InChannels)} + (pixel * {plan.Input.Column}), "
                        + $"operands.Weights + {plan.PatternOffset}{group(plan.GroupPatternBytes)}, operands.Weights{group(plan.OutChannels * sizeof(float))}, "
                        + $"{residual}operands.Output{PlaneUnits.Plus(plan.Output.Origin)}{plane(plan.Output, outBlocks)} + (pixel * {plan.Output.Column}), operands.Scratch, {last}, {rows});");
                }
            }
        });
    }

    private void EmitBlock(int vectors)
    {
        Cut passes = _tile.Passes;
        string residual = plan.Residual is null ? "" : "byte* residual, ";
        writer.Blank().Line($"/// <summary>{vectors} {(vectors == 1 ? "vector" : "vectors")} of pixels, of which the last begins <paramref name=\"last\"/> pixels behind the first, in the rows [first, end).</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Block{vectors}(byte* x, byte* w, byte* scale, {residual}byte* y, byte* scratch, nint last, int first, int end)"))
        using (writer.Open("unchecked"))
        {
            if (plan.Bits && plan.PaddedChannels > plan.OutChannels) writer.Line($"new Span<byte>(scratch + {plan.MasksOffset}, {plan.MaskBytes}).Clear();");
            using (ManyPasses ? writer.Loop("pass", passes.Count) : (IDisposable?)null)
            {
                if (ManyPasses) writer.Line($"int group = {passes.Start("pass")};");
                using (writer.Open("for (int row = first; row < end; row++)"))
                {
                    EmitTables(vectors);
                    EmitAddCalls(vectors);
                    if (plan.Bits) writer.Line($"Words{vectors}(scratch + {plan.MasksOffset}, y + (row * {plan.Output.Row}L), last);");
                }
            }
        }
    }

    /// <summary>The sums of the input rows of an output row; where those of the row before are among them, they lie where they were.</summary>
    private void EmitTables(int vectors)
    {
        if (plan.SharesRows && plan.Rows > 1) writer.Line("// The tables of input rows that the row above reads too are there.");
        string first = plan.SharesRows && plan.Rows > 1 ? $"row == first ? 0 : {plan.KernelRows - plan.RowStride}" : "0";
        using (plan.KernelRows > 1 ? writer.Open($"for (int tap = {first}; tap < {plan.KernelRows}; tap++)") : (IDisposable?)null)
        {
            string groups = ManyPasses ? $"group, {_tile.Passes.Start("(pass + 1)")}" : $"0, {_tile.Groups.Count}";
            string x = $"x + (row * {plan.Input.Row}L){(plan.KernelRows > 1 ? $" + (tap * {plan.TapRow}L)" : "")}";
            writer.Line($"Sums{vectors}({x}, scratch{(plan.KernelRows > 1 ? $" + ({Slot("tap")} * {plan.TableBytes})" : "")}, last, {groups});");
        }
    }

    /// <summary>Which table belongs to a row of the window.</summary>
    private string Slot(string tap) => !plan.SharesRows ? tap : $"(({(plan.RowStride > 1 ? $"(row * {plan.RowStride})" : "row")}{(tap == "0" ? "" : $" + {tap}")}) % {plan.KernelRows})";

    private void EmitAddCalls(int vectors)
    {
        (int Size, int Count)[] pieces = [.. _tile.Passes.Pieces];
        string tables = string.Concat(Enumerable.Range(0, plan.KernelRows).Select(tap =>
            plan.KernelRows == 1 ? "scratch, " : $"scratch + ({Slot($"{tap}")} * {plan.TableBytes}), "));
        string target = plan.Bits ? $"scratch + {plan.MasksOffset}" : $"y + (row * {plan.Output.Row}L)";
        string residual = plan.Residual is { } r ? $"residual + (row * {r.Row}L), " : "";
        string patterns = $"w{(ManyPasses ? $" + {PatternStart(pieces)}" : "")}";
        for (int i = 0; i < pieces.Length; i++)
        {
            string condition = pieces.Length == 1 ? "" : i == 0 ? $"if (pass < {pieces[0].Count}) " : "else ";
            writer.Line($"{condition}Add{vectors}x{pieces[i].Size}({tables}{patterns}, scale, {residual}{target}{(plan.Bits ? "" : ", last")}{(ManyPasses ? ", pass" : "")});");
        }
    }

    /// <summary>Where the patterns of a pass begin.</summary>
    private string PatternStart((int Size, int Count)[] passes)
    {
        long large = plan.PassBytes(passes[0].Size);
        return passes.Length == 1 ? $"(pass * {large}L)" : $"(pass * {large}L) - (Math.Max(0, pass - {passes[0].Count}) * {large - plan.PassBytes(passes[1].Size)}L)";
    }

    /// <summary>All sums of each group: an index has a 1 for each pixel that is added, where the others are subtracted.</summary>
    private void EmitSums(int vectors)
    {
        Cut groups = _tile.Groups;
        writer.Blank().Line("/// <summary>Sums the pixels of each of the groups [group, end) with every pattern of signs.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Sums{vectors}(byte* x, byte* table, nint last, int group, int end)"))
        using (writer.Open("unchecked"))
        {
            writer.Line($"int sign = {groups.Start("group")};");
            (int Size, int Count)[] pieces = [.. groups.Pieces];
            for (int i = 0; i < pieces.Length; i++)
            {
                string end = i < pieces.Length - 1 ? $"Math.Min(end, {pieces[0].Count})" : "end";
                using (writer.Open($"for (; group < {end}; group++)")) EmitGroup(vectors, pieces[i].Size);
            }
        }
    }

    private void EmitGroup(int vectors, int signs)
    {
        for (int i = 0; i < signs; i++) writer.Line($"byte* x{i} = x + Tap(sign{PlaneUnits.Plus(i)});");
        using (writer.Repeat("vector", vectors))
        {
            if (vectors > 1) writer.Line($"nint at = vector == {vectors - 1} ? last : vector * {plan.Lanes};");
            string at = vectors > 1 ? "at" : "last";
            for (int i = 0; i < signs; i++) writer.Line($"{_width.Type} v{i} = {Pixels($"x{i}", at)};");

            // The first pixel is added in half of the sums; the others are their negatives.
            List<(string Name, int Index)> sums = [("v0", 1)];
            for (int i = 1; i < signs; i++)
            {
                List<(string Name, int Index)> next = [];
                foreach ((string name, int index) in sums)
                {
                    int plus = index | (1 << i);
                    writer.Line($"{_width.Type} s{i}_{plus} = {name} + v{i}, s{i}_{index} = {name} - v{i};");
                    next.Add(($"s{i}_{plus}", plus));
                    next.Add(($"s{i}_{index}", index));
                }

                sums = next;
            }

            foreach ((string name, int index) in sums)
            {
                writer.Line(_width.Store("table" + PlaneUnits.Plus(index * plan.VectorBytes), name));
                writer.Line(_width.Store("table" + PlaneUnits.Plus(((1 << signs) - 1 - index) * plan.VectorBytes), $"-{name}"));
            }

            writer.Line($"table += {plan.SetBytes};");
        }

        if (vectors < _tile.Vectors.Size) writer.Line($"table += {(_tile.Vectors.Size - vectors) * plan.SetBytes};");
        writer.Line($"sign += {signs};");
    }

    /// <summary>A vector of pixels that begins so many outputs to the right.</summary>
    private string Pixels(string x, string at)
    {
        string pointer = $"{x} + ({at} * {plan.Input.Column})";
        if (plan.ColumnStride == 1) return _width.Load(pointer);
        return $"{_width.Class}.Create({string.Join(", ", Enumerable.Range(0, plan.Lanes).Select(lane => $"*(float*)({pointer}{PlaneUnits.Plus(lane * plan.Input.Column)})"))})";
    }

    /// <summary>What the filters select of the sums of a pass.</summary>
    private void EmitAdd(int vectors, int groups)
    {
        int filters = _tile.Filters, signs = _tile.Groups.Size, log = plan.VectorLog, bit = 0, loaded = 0, end = 0;
        string tables = string.Concat(Enumerable.Range(0, plan.KernelRows).Select(tap => $"byte* t{tap}, "));
        (int Filter, int Vector)[] sums = [.. from f in Enumerable.Range(0, filters) from v in Enumerable.Range(0, vectors) select (f, v)];
        writer.Blank().Line($"/// <summary>Adds up what each filter selects of the sums of {groups} {(groups == 1 ? "group" : "groups")}{(plan.KernelRows > 1 ? " of each row of the window" : "")}{(ManyPasses ? "; sums wait in the output between passes" : "")}.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Add{vectors}x{groups}({tables}byte* patterns, byte* scale, {(plan.Residual is null ? "" : "byte* residual, ")}byte* y{(plan.Bits ? "" : ", nint last")}{(ManyPasses ? ", int pass" : "")})"))
        using (writer.Open("unchecked"))
        using (writer.Open($"for (int channel = 0; channel < {plan.OutChannels}; channel += {filters})"))
        {
            if (ManyPasses)
            {
                foreach ((int f, int v) in sums) writer.Line($"{_width.Type} a{f}_{v} = {_width.Type}.Zero;");
                using (writer.Open("if (pass > 0)"))
                    foreach ((int f, int v) in sums) writer.Line($"a{f}_{v} = {_width.Load(At("y", plan.Output, f, v, vectors))};");
            }

            for (int tap = 0; tap < plan.KernelRows; tap++)
            {
                for (int group = 0; group < groups; group++)
                {
                    for (int f = 0; f < filters; f++)
                    {
                        if (bit + signs > end)
                        {
                            loaded = bit / 8 * 8;
                            end = loaded + 64;
                            writer.Line($"ulong bits{loaded} = *(ulong*){(loaded > 0 ? $"(patterns + {loaded / 8})" : "patterns")};");
                        }

                        string set = $"p{tap}_{group}_{f}";
                        int shift = bit - loaded - log;
                        string bits = shift == 0 ? $"bits{loaded}" : $"(bits{loaded} {(shift > 0 ? ">>" : "<<")} {Math.Abs(shift)})";
                        writer.Line($"byte* {set} = t{tap} + (nint)({bits} & {((1 << signs) - 1) << log});");
                        bit += signs;
                        for (int v = 0; v < vectors; v++) writer.Line($"{(tap + group > 0 || ManyPasses ? "" : $"{_width.Type} ")}a{f}_{v} {(tap + group > 0 || ManyPasses ? "+=" : "=")} {_width.Load(set + PlaneUnits.Plus((group * plan.SignGroupBytes) + (v * plan.SetBytes)))};");
                    }
                }
            }

            if (ManyPasses)
            {
                using (writer.Open($"if (pass == {_tile.Passes.Count - 1})")) EmitFinish(sums, vectors);
            }
            else
            {
                EmitFinish(sums, vectors);
            }

            if (plan.Bits) EmitMasks(sums);
            else foreach ((int f, int v) in sums) writer.Line(_width.Store(At("y", plan.Output, f, v, vectors), $"a{f}_{v}"));
            writer.Line($"patterns += {plan.BlockBytes(groups)};").Line($"scale += {filters * sizeof(float)};");
            writer.Line(plan.Bits ? $"y += {filters};" : $"y += {filters * (long)plan.Output.Block};");
            if (plan.Residual is { } r) writer.Line($"residual += {filters * (long)r.Block};");
        }
    }

    private void EmitFinish((int Filter, int Vector)[] sums, int vectors)
    {
        foreach (int f in sums.Select(sum => sum.Filter).Distinct())
        {
            string at = $"scale{PlaneUnits.Plus(f * sizeof(float))}";
            writer.Line($"{_width.Type} scale{f} = {_width.Broadcast(Dialect.Float(at))}, bias{f} = {_width.Broadcast(Dialect.Float(at + PlaneUnits.Plus(plan.ScaleBytes)))};");
        }

        foreach ((int f, int v) in sums) writer.Line($"a{f}_{v} = {_width.MultiplyAdd($"a{f}_{v}", $"scale{f}", $"bias{f}")};");
        if (plan.Residual is { } r)
            foreach ((int f, int v) in sums) writer.Line($"a{f}_{v} += {_width.Load(At("residual", r, f, v, vectors))};");
        if (plan.Activation is { } activation)
            foreach ((int f, int v) in sums) writer.Line($"a{f}_{v} = {_width.Activate(activation, $"a{f}_{v}")};");
    }

    /// <summary>The bits of a vector of results of each filter, in bytes of up to eight pixels whose last pixel is the highest bit.</summary>
    private void EmitMasks((int Filter, int Vector)[] sums)
    {
        foreach ((int f, int v) in sums)
        {
            writer.Line($"uint m{f}_{v} = (uint){_width.Class}.ExtractMostSignificantBits({_width.Class}.GreaterThanOrEqual(a{f}_{v}, {_width.Type}.Zero));");
            for (int octet = 0; octet < plan.Octets; octet++)
            {
                string mask = octet > 0 ? $"m{f}_{v} >> {octet * plan.OctetLanes}" : plan.OctetLanes < 8 ? $"m{f}_{v} << {8 - plan.OctetLanes}" : $"m{f}_{v}";
                writer.Line($"y[{(((v * plan.Octets) + octet) * plan.PaddedChannels) + f}] = (byte)({mask});");
            }
        }
    }

    /// <summary>Bytes of the pixels of a channel to words of the channels of a pixel.</summary>
    private void EmitWords(int vectors)
    {
        Dialect isa = new(plan.Isa);
        int bytes = isa.Lanes * sizeof(float), parts = SignSumsPlan.WordChannels / bytes;
        writer.Blank().Line("/// <summary>Gathers the bits of each pixel, the highest of the bytes of all channels, as words.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Words{vectors}(byte* masks, byte* y, nint last)"))
        using (writer.Open("unchecked"))
        using (writer.Repeat("word", plan.PaddedChannels / SignSumsPlan.WordChannels))
        {
            string word = plan.PaddedChannels > SignSumsPlan.WordChannels ? $" + (word * {SignSumsPlan.WordChannels})" : "";
            using (writer.Repeat("vector", vectors))
            {
                string at = vectors > 1 ? $"(vector == {vectors - 1} ? last : vector * {plan.Lanes})" : "last";
                writer.Line($"byte* yv = y + ({at} * {plan.Output.Column}){(plan.PaddedChannels > SignSumsPlan.WordChannels ? $" + (word * {plan.Output.Block})" : "")};");
                for (int octet = 0; octet < plan.Octets; octet++)
                {
                    string vector = vectors > 1 ? $" + (vector * {plan.Octets * plan.PaddedChannels})" : "";
                    for (int part = 0; part < parts; part++)
                        writer.Line($"{isa.Class}<byte> b{octet}_{part} = *({isa.Class}<byte>*)(masks{vector}{word}{PlaneUnits.Plus((octet * plan.PaddedChannels) + (part * bytes))});");
                    for (int pixel = plan.OctetLanes - 1; pixel >= 0; pixel--)
                    {
                        string bits = string.Join(" | ", Enumerable.Range(0, parts).Select(part => (parts > 1 ? "(ulong)" : "") + $"{isa.Class}.ExtractMostSignificantBits(b{octet}_{part}){(part > 0 ? $" << {part * bytes}" : "")}"));
                        writer.Line($"*(ulong*)(yv{PlaneUnits.Plus(((octet * plan.OctetLanes) + pixel) * plan.Output.Column)}) = {bits};");
                        if (pixel > 0)
                            for (int part = 0; part < parts; part++) writer.Line($"b{octet}_{part} += b{octet}_{part};");
                    }
                }
            }
        }
    }

    /// <summary>Where a vector of a filter's results lies.</summary>
    private string At(string pointer, PlaneStrides strides, int filter, int vector, int vectors) =>
        pointer + PlaneUnits.Plus(filter * (long)strides.Block) + (vector == vectors - 1 ? $" + (last * {strides.Column})" : PlaneUnits.Plus((long)vector * plan.Lanes * strides.Column));
}
