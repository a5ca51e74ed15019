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
        new SumEmitter(plan, _text, writer).Emit();
        for (int digit = 0; digit < plan.Digits + plan.WeightBits - 1; digit++)
        {
            writer.Blank();
            EmitCount(digit);
        }

        writer.Blank();
        transposition.EmitJoin();
        if (plan.IsOfCodes) EmitCodes();
    }

    private void EmitCodes()
    {
        CodesEmitter codes = new(plan, _text, writer);
        foreach (int channels in Words(plan.InChannels).Distinct())
        {
            writer.Blank();
            codes.EmitPack(channels);
        }

        writer.Blank();
        codes.EmitCompare();
        foreach (int channels in Words(plan.OutChannels).Distinct())
        {
            writer.Blank();
            codes.EmitUnpack(channels);
        }
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
        if (plan.IsOfCodes)
        {
            writer.Line($"byte* codes = operands.Scratch + {plan.CodesOffset};");
            writer.Line($"new Span<byte>(counters, {plan.CodesOffset - plan.CountersOffset}).Clear();");
        }

        writer.Line($"byte* {(plan.IsOfCodes ? "thresholds" : "starts")} = operands.Weights{(plan.Kinds.Count > 1 ? $" + (({plan.Kinds.Index("band")}) * {plan.KindBytes}L)" : "")}{channel(plan.KindBytes / plan.OutChannels)};");
        writer.Line($"byte* entries = operands.Weights + {plan.EntryOffset}{channel(plan.EntryBytes)};");

        int surplus = plan.Signs - (SlicedPlan.WordChannels * plan.KernelColumns);
        if (surplus > 0) writer.Line($"new Span<byte>(planes + {(plan.Signs - surplus) * _block.PlaneBytes}, {surplus * _block.PlaneBytes}).Clear();");
        if (plan.OutChannels % SlicedPlan.WordChannels != 0 && !plan.IsOfCodes)
            writer.Line($"for (int channel = {channels}; channel % {SlicedPlan.WordChannels} != 0; channel++) {_text.Load($"counters + (channel * {plan.CounterBytes}) + {plan.CounterBytes - _block.VectorBytes}")} = {_text.Type}.Zero;");
        using (writer.Repeat("word", plan.Words)) EmitWord(channels);
        if (plan.IsOfCodes) writer.Line($"Compare(counters, thresholds, {channels});");
        using (writer.Repeat("word", Words(plan.UnitChannels).Length)) EmitResults();
    }

    /// <summary>The counting of 64 input channels, digit by digit where they hold codes.</summary>
    private void EmitWord(string channels)
    {
        string word = plan.Words > 1 ? $" + (word * {(plan.IsOfCodes ? SlicedPlan.WordChannels : sizeof(ulong))})" : "";
        if (plan.IsOfCodes) Each(Words(plan.InChannels), "word", size => $"Pack{size}(x{word}, codes);");
        for (int digit = 0; digit < plan.Digits; digit++)
        {
            string source = plan.IsOfCodes ? "codes" + PlaneUnits.Plus(digit * plan.PackedBytes) : $"x{word}";
            if (_block.Parts == 1) writer.Line($"Slice({source}, words, planes);");
            else
                using (writer.Loop("part", _block.Parts))
                {
                    writer.Line($"int first = Math.Min(part * {_block.VectorRows}, {_block.LastPart});");
                    writer.Line($"Slice({source} + (first * {plan.SliceRow}), words, planes + (first * {_block.RowBytes}));");
                }

            writer.Line("Sum(planes, sums);");
            for (int weight = 0; weight < plan.WeightBits; weight++)
            {
                long filters = (long)plan.OutChannels * plan.EntryBytes;
                string entries = "entries" + (plan.Words > 1 ? $" + (word * {plan.WeightBits * filters}L)" : "") + PlaneUnits.Plus(weight * filters);
                string from = plan.IsOfCodes ? "counters" : plan.Words > 1 ? "word == 0 ? starts : counters" : "starts";
                writer.Line($"{CountName(digit + weight)}(sums, {entries}, {from}, counters, {channels});");
            }
        }
    }

    /// <summary>The results of 64 output channels: of signs where counts overflow, of codes their digits.</summary>
    private void EmitResults()
    {
        bool several = plan.UnitChannels > SlicedPlan.WordChannels;
        string counters = "counters" + (several ? $" + (word * {SlicedPlan.WordChannels * plan.CounterBytes})" : "");
        string y = "y" + (several ? $" + (word * {(plan.IsOfCodes ? SlicedPlan.WordChannels : sizeof(ulong))})" : "");
        string whole = plan.Overlap > 0 ? $", band < {plan.Planes.Bands.Count - 1}" : "";
        if (!plan.IsOfCodes)
        {
            writer.Line($"Join({counters} + {plan.CountBits * _block.VectorBytes}, words, {y}{whole});");
            return;
        }

        for (int digit = 0; digit < plan.ResultBits; digit++)
            writer.Line($"Join({counters}{PlaneUnits.Plus(digit * _block.VectorBytes)}, words, codes{PlaneUnits.Plus(digit * plan.JoinedBytes)});");
        Each(Words(plan.OutChannels), several ? "word" : "block", size => $"Unpack{size}(codes, {y}{whole});");
    }

    /// <summary>A line for each word's channels, of which the last may be fewer.</summary>
    private void Each(int[] sizes, string index, Func<int, string> line)
    {
        bool varies = sizes.Distinct().Count() > 1;
        if (varies) writer.Line($"if ({index} < {sizes.Length - 1}) {line(sizes[0])}");
        writer.Line((varies ? "else " : "") + line(sizes[sizes.Length - 1]));
    }

    /// <summary>The channels of each word of so many.</summary>
    private static int[] Words(int channels) =>
        [.. Enumerable.Range(0, (channels + SlicedPlan.WordChannels - 1) / SlicedPlan.WordChannels).Select(word => Math.Min(SlicedPlan.WordChannels, channels - (word * SlicedPlan.WordChannels)))];

    private static string CountName(int digit) => "Count" + (digit == 0 ? "" : $"{digit}");

    private void EmitCount(int first)
    {
        writer.Line($"/// <summary>Adds to the counters of each channel what its filter selects of the sums{(first == 0 ? "" : $", {1 << first} times")}.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void {CountName(first)}(byte* sums, byte* entries, byte* from, byte* counters, int channels)"))
        using (writer.Open("for (int channel = 0; channel < channels; channel++)"))
        {
            for (int digit = first; digit <= plan.CountBits; digit++) writer.Line($"{_text.Type} {PlaneAdder.Count(digit)} = {_text.Load("from" + PlaneUnits.Plus(digit * _block.VectorBytes))};");
            writer.Line("byte* row = sums;");
            using (writer.Repeat("tap", plan.KernelRows))
            {
                PlaneAdder adder = new(_text, writer, plan.CountBits);
                int items = plan.Nines * SlicedPlan.Items;
                for (int item = 0; item < items; item++)
                    adder.Add(first + (item % SlicedPlan.Items == SlicedPlan.Items - 1 ? 0 : 1), _text.Load($"row + *(ushort*)(entries{PlaneUnits.Plus(item * sizeof(ushort))})"));
                adder.Settle();
                writer.Line($"row += {plan.RowDilation * _block.RowBytes};");
                writer.Line($"entries += {items * sizeof(ushort)};");
            }

            for (int digit = first; digit <= plan.CountBits; digit++) writer.Line($"{_text.Load("counters" + PlaneUnits.Plus(digit * _block.VectorBytes))} = {PlaneAdder.Count(digit)};");
            writer.Line($"from += {plan.CounterBytes};");
            writer.Line($"counters += {plan.CounterBytes};");
        }
    }
}
