using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Algorithms.Popcount;
using CnnCodegen.Generator.Emission;

namespace CnnCodegen.Generator.Algorithms.Sliced;

/// <summary>Writes a <see cref="SlicedPlan"/>: for each block of pixels and each input word planes, sums of nine, and the counts of all filters.</summary>
internal sealed class SlicedEmitter(SlicedPlan plan, SourceWriter writer)
{
    private readonly BitText _text = new(plan.Isa);
    private readonly SlicedBlock _block = plan.Block;

    public void Emit()
    {
        TransposeEmitter transposition = new(plan, _text, writer);
        plan.Planes.EmitRun(writer, plan.Planes.Blocks > 1 ? $"{SlicedPlan.WordChannels} output channels" : "all output channels", "rows", EmitUnit);
        writer.Blank();
        transposition.EmitSlice();
        writer.Blank();
        EmitSum();
        writer.Blank();
        EmitCount();
        writer.Blank();
        transposition.EmitJoin();
    }

    private void EmitUnit()
    {
        PlaneUnits planes = plan.Planes;
        string rows(int bytes) => planes.Bands.Count > 1 ? $" + (row * {bytes}L)" : "";
        string channel(long bytes) => planes.Blocks > 1 ? $" + (block * {SlicedPlan.WordChannels * bytes}L)" : "";
        bool varies = planes.Blocks > 1 && plan.OutChannels % SlicedPlan.WordChannels != 0;
        string channels = varies ? "channels" : $"{plan.UnitChannels}";

        if (planes.Bands.Count > 1) writer.Line($"int row = Math.Min(band * {_block.Rows}, {plan.OutH - _block.Rows});");
        if (varies) writer.Line($"int channels = Math.Min({SlicedPlan.WordChannels}, {plan.OutChannels} - (block * {SlicedPlan.WordChannels}));");
        writer.Line("byte* words = operands.Scratch;");
        writer.Line($"byte* planes = operands.Scratch + {plan.PlanesOffset};");
        writer.Line($"byte* sums = operands.Scratch + {plan.SumsOffset};");
        writer.Line($"byte* counters = operands.Scratch + {plan.CountersOffset};");
        writer.Line($"byte* x = {planes.At("operands.Input", plan.Input)}{rows(plan.Input.Row)};");
        writer.Line($"byte* y = {planes.At("operands.Output", plan.Output)}{rows(plan.Output.Row)};");
        writer.Line($"byte* starts = operands.Weights{(plan.Kinds.Count > 1 ? $" + (({plan.Kinds.Index("band")}) * {plan.KindBytes}L)" : "")}{channel(plan.CounterBytes)};");
        writer.Line($"byte* entries = operands.Weights + {plan.EntryOffset}{channel(plan.EntryBytes)};");

        int surplus = plan.Signs - (SlicedPlan.WordChannels * plan.KernelColumns);
        if (surplus > 0) writer.Line($"new Span<byte>(planes + {(plan.Signs - surplus) * _block.PlaneBytes}, {surplus * _block.PlaneBytes}).Clear();");
        if (plan.OutChannels % SlicedPlan.WordChannels != 0)
            writer.Line($"for (int channel = {channels}; channel % {SlicedPlan.WordChannels} != 0; channel++) {_text.Load($"counters + (channel * {plan.CounterBytes}) + {plan.CounterBytes - _block.VectorBytes}")} = {_text.Type}.Zero;");
        using (writer.Repeat("word", plan.Words))
        {
            string word = plan.Words > 1 ? $" + (word * {sizeof(ulong)})" : "";
            if (_block.Parts == 1) writer.Line($"Slice(x{word}, words, planes);");
            else
                using (writer.Loop("part", _block.Parts))
                {
                    writer.Line($"int first = Math.Min(part * {_block.VectorRows}, {_block.LastPart});");
                    writer.Line($"Slice(x{word} + (first * {plan.Input.Row}), words, planes + (first * {_block.RowBytes}));");
                }

            writer.Line("Sum(planes, sums);");
            writer.Line($"Count(sums, entries{(plan.Words > 1 ? $" + (word * {(long)plan.OutChannels * plan.EntryBytes}L), word == 0 ? starts : counters" : ", starts")}, counters, {channels});");
        }

        string whole = plan.Overlap > 0 ? $", band < {planes.Bands.Count - 1}" : "";
        using (writer.Repeat("word", (plan.UnitChannels + SlicedPlan.WordChannels - 1) / SlicedPlan.WordChannels))
            writer.Line(plan.UnitChannels > SlicedPlan.WordChannels
                ? $"Join(counters + (word * {SlicedPlan.WordChannels * plan.CounterBytes}), words, y + (word * {sizeof(ulong)}){whole});"
                : $"Join(counters, words, y{whole});");
    }

    /// <summary>Nine signs at a time: triples, and the triple of their sums.</summary>
    private void EmitSum()
    {
        writer.Line("/// <summary>Sums each nine planes with every pattern of signs: the carries of three triples and of the sums of these, and the sum of all.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open("private static void Sum(byte* planes, byte* sums)"))
        using (writer.Loop("nine", plan.Nines))
        {
            using (writer.Repeat("part", _block.Parts))
            {
                if (_block.Parts > 1) writer.Line($"int first = Math.Min(part * {_block.VectorRows}, {_block.LastPart}) * {_block.RowBytes};");
                string at = _block.Parts > 1 ? " + first" : "";
                for (int sign = 0; sign < SlicedPlan.Nine; sign++) writer.Line($"{_text.Type} x{sign} = {_text.Load($"planes{at}{PlaneUnits.Plus(sign * _block.PlaneBytes)}")};");
                for (int triple = 0; triple < 3; triple++) Triple(triple, at, $"x{3 * triple}", $"x{(3 * triple) + 1}", $"x{(3 * triple) + 2}");
                Triple(3, at, "sum0", "sum1", "sum2");
                Store(32, at, "sum3");
                Store(33, at, "~sum3");
            }

            writer.Line($"planes += {SlicedPlan.Nine * _block.PlaneBytes};");
            writer.Line($"sums += {SlicedPlan.SumPlanes * _block.PlaneBytes};");
        }
    }

    /// <summary>The sum of three planes, and their carries where bits 4, 2 and 1 of the index say which are complemented; with all, it is the complement.</summary>
    private void Triple(int triple, string at, string a, string b, string c)
    {
        writer.Line($"{_text.Type} differ{triple} = {a} ^ {b}, sum{triple} = differ{triple} ^ {c};");
        for (int pattern = 0; pattern < 4; pattern++)
        {
            (bool first, bool last) = (pattern / 2 == 1, pattern % 2 == 1);
            string carry = $"carry{triple}_{pattern}";
            writer.Line($"{_text.Type} {carry} = {_text.Carry((first ? "~" : "") + $"differ{triple}", (first ? "~" : "") + a, (last ? "~" : "") + c)};");
            int index = (first ? 4 : 0) + (last ? 1 : 0);
            Store((8 * triple) + index, at, carry);
            Store((8 * triple) + 7 - index, at, "~" + carry);
        }
    }

    private void Store(int plane, string at, string value) => writer.Line($"{_text.Load($"sums{at}{PlaneUnits.Plus(plane * _block.PlaneBytes)}")} = {value};");

    private void EmitCount()
    {
        writer.Line("/// <summary>Adds to the counters of each channel what its filter selects of the sums.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open("private static void Count(byte* sums, byte* entries, byte* from, byte* counters, int channels)"))
        using (writer.Open("for (int channel = 0; channel < channels; channel++)"))
        {
            for (int digit = 0; digit <= plan.CountBits; digit++) writer.Line($"{_text.Type} {PlaneAdder.Count(digit)} = {_text.Load("from" + PlaneUnits.Plus(digit * _block.VectorBytes))};");
            writer.Line("byte* row = sums;");
            using (writer.Repeat("tap", plan.KernelRows))
            {
                PlaneAdder adder = new(_text, writer, plan.CountBits);
                int items = plan.Nines * SlicedPlan.Items;
                for (int item = 0; item < items; item++)
                    adder.Add(item % SlicedPlan.Items == SlicedPlan.Items - 1 ? 0 : 1, _text.Load($"row + *(ushort*)(entries{PlaneUnits.Plus(item * sizeof(ushort))})"));
                adder.Settle();
                writer.Line($"row += {plan.RowDilation * _block.RowBytes};");
                writer.Line($"entries += {items * sizeof(ushort)};");
            }

            for (int digit = 0; digit <= plan.CountBits; digit++) writer.Line($"{_text.Load("counters" + PlaneUnits.Plus(digit * _block.VectorBytes))} = {PlaneAdder.Count(digit)};");
            writer.Line($"from += {plan.CounterBytes};");
            writer.Line($"counters += {plan.CounterBytes};");
        }
    }
}
