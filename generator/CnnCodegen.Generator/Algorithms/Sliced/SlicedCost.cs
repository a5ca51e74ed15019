using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Sliced;

/// <summary>What the kernels of bit planes are estimated to cost, in the instructions of <see cref="Cost"/>, of which two are issued in a cycle.</summary>
internal static class SlicedCost
{
    /// <summary>To add a plane that an offset selects: two loads and a full adder of five logical operations, of which more than two are issued in a cycle.</summary>
    private const double ItemInstructions = 3.5;

    /// <summary>To begin and end the counters of a channel, for each of their planes.</summary>
    private const double CounterInstructions = 4;

    /// <summary>To transpose 64 vectors of words, and to sum nine planes for all filters.</summary>
    private const double TransposeInstructions = 2400, NineInstructions = 130;

    /// <summary>To pack or unpack a digit of 64 codes, and to compare a digit of counts.</summary>
    private const double PackInstructions = 8, CompareInstructions = 4;

    public static Cost Of(SlicedPlan plan)
    {
        SlicedBlock block = plan.Block;
        double units = plan.Units, filters = units * plan.UnitChannels * plan.Words * plan.Digits * plan.WeightBits;
        double filter = (plan.KernelRows * plan.Nines * SlicedPlan.Items * ItemInstructions) + ((plan.CountBits + 1) * CounterInstructions);
        double word = plan.Digits * block.Parts * (TransposeInstructions + (plan.Nines * NineInstructions));
        double store = (plan.UnitChannels + SlicedPlan.WordChannels - 1) / SlicedPlan.WordChannels * Math.Max(1, plan.ResultBits) * TransposeInstructions;
        if (plan.IsOfCodes)
        {
            word += block.InRows * block.InColumns * plan.CodeBits * PackInstructions;
            store += (block.Rows * block.Columns * plan.ResultBits * PackInstructions) + (plan.UnitChannels * plan.ThresholdBytes * CompareInstructions);
        }

        return new Cost(0, (filters * filter) + (units * ((plan.Words * word) + store)), plan.WeightBytes);
    }
}
