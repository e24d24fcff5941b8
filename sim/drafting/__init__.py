"""From a plan as offices have it to rows that a person reviews, and from the review to a plan folder."""
