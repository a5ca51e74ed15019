namespace CnnCodegen.Execution;

/// <summary>
/// When a sum of signs, scaled and with bias and norm applied, is at least 0. The expression is evaluated as it is defined, not solved for the sum:
/// each of its operations is monotone also when it rounds, so that the sums that pass are those on one side of a number.
/// </summary>
/// <param name="value">The value for a sum.</param>
/// <param name="falls">The value falls, or does not rise, with the sum.</param>
internal sealed class Threshold(Func<double, double> value, bool falls)
{
    /// <inheritdoc cref="Threshold(Func{double, double}, bool)" path="/param[@name='falls']"/>
    public bool Falls => falls;

    /// <summary>
    /// How many of the counts 0 to <paramref name="terms"/> pass: the count is that of differing signs, or, where the value falls, of equal ones.
    /// </summary>
    /// <param name="most">The sum where no sign differs.</param>
    /// <param name="terms">Signs that can differ.</param>
    public int Passing(int most, int terms)
    {
        // The first count that does not pass.
        int low = 0, high = terms + 1;
        while (low < high)
        {
            int middle = (low + high) / 2, differing = falls ? terms - middle : middle;
            if (value(most - (2 * differing)) >= 0) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
